import { RepositoryError } from '../../ports/repositories.ts';
import { failureOf, type RemoteGit } from './remote-git.ts';

export type Push = {
  readonly ref: string;
  /** What the reference leads to now; `undefined`: there is none. */
  readonly expected: string | undefined;
  /** `undefined` takes the reference away. */
  readonly revision: string | undefined;
};

type Place = { readonly git: RemoteGit; readonly own: string; readonly signal: AbortSignal };

/** What git and servers say when a reference is not, or no more, what was expected. */
const movedSigns = ['stale info', 'cannot lock ref', 'failed to update ref', 'incorrect old value', 'already exists'];

/** Who may not even read has failed before. */
const mayNotWrite =
  'the credential may read it and not write: give it Contents: write on GitHub, the scope write_repository on GitLab';

/** @throws RepositoryError `moved` when the reference does not lead where it is expected to. */
export async function pushRef({ git, own, signal }: Place, { ref, expected, revision }: Push): Promise<void> {
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const options = ['--porcelain', '--no-verify', '--recurse-submodules=no', '--no-follow-tags', lease];
  // Differences would be to files that are not here; the HTTP helper asks for them whatever --no-thin says.
  // And without asking what the server has, the whole base is sent as soon as its branch has moved on.
  const settings = ['-c', 'pack.window=0', '-c', 'push.negotiate=true'];
  const args = [...settings, 'push', ...options, '--', 'basekeeper', `${revision ?? ''}:${ref}`];
  const end = await git.ask(own, args, { signal });
  if (end.kind === 'ended' && end.code === 0) return;
  const about = `cannot push ${ref} to ${git.url.text}`;
  const line = end.kind === 'ended' ? refusalIn(end.stdout.toString()) : undefined;
  if (line === undefined) {
    const failure = failureOf(git, end);
    const isForbidden = failure.code === 'unauthorized' && failure.message.includes('returned error: 403');
    throw isForbidden ? new RepositoryError(failure.code, `${about}: ${mayNotWrite}`) : failure;
  }
  if (movedSigns.some((sign) => line.includes(sign)))
    throw new RepositoryError('moved', `${about}: it does not lead where it did; look at it again`);
  const bare = line.replace(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, ' ').slice(0, 300);
  throw new RepositoryError('refused', `${about}: the server refuses it (${bare}); see what protects it there`);
}

/** `!`, what was pushed, and why it was not taken, with tabs between. */
function refusalIn(output: string): string | undefined {
  const line = output.split('\n').find((candidate) => candidate.startsWith('!\t'));
  return line?.split('\t')[2];
}
