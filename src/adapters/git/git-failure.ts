import type { RepositoryErrorCode } from '../../ports/repositories.ts';

export type GitFailure = { readonly code: RepositoryErrorCode; readonly reason: string };

/** Looked for in this order in what git and the server said, in lower case; the first that is there counts. */
const signs: readonly (readonly [RepositoryErrorCode, readonly string[], string | undefined])[] = [
  ['unknown-branch', ["couldn't find remote ref"], 'there is no such branch'],
  [
    'refused',
    ['not allowed', 'strange hostname blocked', 'strange pathname blocked'],
    'the address leads to a protocol or host that is not read',
  ],
  ['unreachable', ['host key verification failed'], 'the host key is not known: connect once by ssh and check it'],
  [
    'unauthorized',
    [
      'authentication failed',
      'could not read username',
      'could not read password',
      'permission denied',
      'access denied',
      'returned error: 401',
      'returned error: 403',
    ],
    "it is not there, or needs a credential: store one in git's credential helper, or load the SSH key",
  ],
  [
    'not-found',
    [
      'not found',
      'could not be found',
      'returned error: 404',
      'does not appear to be a git repository',
      'does not exist',
    ],
    'there is no such repository, or the credential may not see it',
  ],
  [
    'unreachable',
    ['returned error: 30', 'update url base from redirection'],
    'it answers with another address: write that one (often it ends in .git)',
  ],
];

/** What git's words mean, and the words themselves, bounded and without credentials. */
export function describeFailure(stderr: string): GitFailure {
  const text = stderr.toLowerCase();
  const sign = signs.find(([, words]) => words.some((word) => text.includes(word)));
  const said = quote(stderr);
  if (sign === undefined) return { code: 'unreachable', reason: said === '' ? 'git failed and said nothing' : said };
  const [code, , meaning] = sign;
  return { code, reason: said === '' ? `${meaning}` : `${meaning} (${said})` };
}

/** Whether the server gives no objects by their id, so that only a whole commit can be had of it. */
export function refusesObjects(stderr: string): boolean {
  const text = stderr.toLowerCase();
  return text.includes('unadvertised object') || text.includes('not our ref');
}

const maxQuoted = 300;

/** The line that says most, in one line, with everything before an @ in an address left out. */
function quote(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((candidate) => candidate.startsWith('fatal:')) ?? lines[0] ?? '';
  const bare = line.replace(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, ' ').replace(/\/\/[^\s/@]*@/g, '//');
  return bare.trim().slice(0, maxQuoted);
}
