import type { Instant } from '../../../domain/source/instant.ts';
import { ForgeError, type PullRequest } from '../../../ports/forge.ts';
import { isKey } from './key-of.ts';
import { historyDepth, mergedAt } from './merged-at.ts';
import { formatProposal, type Proposal, readProposal } from './proposal.ts';
import type { Refs, Scratch } from './scratch.ts';

/** A proposal, and the commit that its reference leads to: whoever writes it names that. */
export type Stored = { readonly key: string; readonly revision: string; readonly proposal: Proposal };

export const pullsPrefix = 'refs/basekeeper/pulls/';
export const maxFileBytes = 1024 * 1024;

const fileName = 'proposal.json';
/** Enough for most; a server that leaves nothing out sends all files of these. */
const firstDepth = 30;
/** So many are read; the rest is left out. */
const maxProposals = 5000;

/** Those that can be read: one that somebody broke does not hide the others. */
export async function readProposals(scratch: Scratch, refs: Refs): Promise<readonly Stored[]> {
  const listed = [...refs.ids]
    .flatMap(([name, revision]) => {
      const key = name.startsWith(pullsPrefix) ? name.slice(pullsPrefix.length) : '';
      return isKey(key) ? [{ key, revision }] : [];
    })
    .slice(0, maxProposals);
  await scratch.fetchObjects(
    listed.map(({ revision }) => revision),
    { depth: 1, filter: `blob:limit=${maxFileBytes}` },
  );
  const fileOf = (revision: string) => `${revision}:${fileName}`;
  const texts = await scratch.readBlobs(
    listed.map(({ revision }) => fileOf(revision)),
    maxFileBytes,
  );
  return listed.flatMap(({ key, revision }) => {
    const proposal = readProposal(texts.get(fileOf(revision)) ?? '');
    return proposal === undefined ? [] : [{ key, revision, proposal }];
  });
}

/** @throws ForgeError `not-found`; `malformed` when somebody else wrote there. */
export async function readOne(scratch: Scratch, refs: Refs, key: string, doing: string): Promise<Stored> {
  const name = `${pullsPrefix}${key}`;
  const revision = isKey(key) ? refs.ids.get(name) : undefined;
  if (revision === undefined)
    throw new ForgeError('not-found', `cannot ${doing}: ${scratch.address} has no proposal ${JSON.stringify(key)}`);
  const [stored] = await readProposals(scratch, { ...refs, ids: new Map([[name, revision]]) });
  if (stored === undefined)
    throw new ForgeError('malformed', `cannot ${doing}: what ${name} leads to is no proposal of Basekeeper's`);
  return stored;
}

/** @throws ForgeError `invalid` for what is longer than could be read again. */
export async function writeProposal(
  scratch: Scratch,
  { key, expected, at }: { readonly key: string; readonly expected: string | undefined; readonly at: Instant },
  proposal: Proposal,
): Promise<void> {
  const text = formatProposal(proposal);
  if (Buffer.byteLength(text) > maxFileBytes || readProposal(text) === undefined)
    throw new ForgeError(
      'invalid',
      `cannot write the proposal ${key}: its texts are longer than is kept; shorten them`,
    );
  const file = { name: fileName, text, message: `${proposal.state}: ${key}`, at, expected };
  await scratch.writeFile(`${pullsPrefix}${key}`, file);
}

/**
 * Proposals with what git tells of them. Open ones are merged when their change came to the base, and closed when their
 * branch is gone without that.
 */
export async function withState(
  scratch: Scratch,
  { ids }: Refs,
  stored: readonly Stored[],
): Promise<readonly Stored[]> {
  const tipOf = (branch: string) => ids.get(`refs/heads/${branch}`);
  const open = stored.filter(({ proposal }) => proposal.state === 'open').map(({ proposal }) => proposal);
  const tips = open.flatMap(({ branch, baseBranch }) => [tipOf(branch) ?? [], tipOf(baseBranch) ?? []].flat());
  await scratch.fetchObjects(tips, { depth: firstDepth, filter: 'blob:none' });
  const settled: Stored[] = [];
  for (const one of stored) {
    const { branch, baseBranch, state, head: lastHead } = one.proposal;
    const places = { tip: tipOf(branch), lastHead, base: tipOf(baseBranch) };
    settled.push(state === 'open' ? { ...one, proposal: await settle(scratch, one.proposal, places) } : one);
  }
  return settled;
}

type Places = { readonly tip: string | undefined; readonly lastHead: string; readonly base: string | undefined };

async function settle(scratch: Scratch, open: Proposal, { tip, lastHead, base }: Places): Promise<Proposal> {
  const head = tip ?? lastHead;
  const proposal = { ...open, head };
  const at = base === undefined ? undefined : await findMerge(scratch, head, base, tip !== undefined);
  if (at !== undefined) return { ...proposal, state: 'merged', closedAt: Math.max(open.createdAt, at) };
  return tip === undefined ? { ...proposal, state: 'closed', closedAt: open.createdAt } : proposal;
}

/** Of a branch that is gone many servers have the commits for a while. */
async function findMerge(
  scratch: Scratch,
  head: string,
  base: string,
  isFetched: boolean,
): Promise<Instant | undefined> {
  if (isFetched) {
    const at = await mergedAt(scratch, head, base);
    if (at !== 'apart') return at;
  }
  await scratch.fetchObjects(isFetched ? [head, base] : [base], { depth: historyDepth, filter: 'blob:none' });
  const isThere =
    (await scratch.ask(['cat-file', '-e', `${head}^{tree}`])) === 0 ||
    (await scratch.fetchCommit(head, historyDepth)) === 'fetched';
  const at = isThere ? await mergedAt(scratch, head, base) : undefined;
  return at === 'apart' ? undefined : at;
}

export function toPullRequest(address: string, { key, proposal }: Stored): PullRequest {
  const { title, body, branch, baseBranch, head, isDraft, state, createdAt, closedAt, labels, comments } = proposal;
  return {
    id: key,
    url: `${address}#${key}`,
    state,
    title,
    body,
    branch,
    baseBranch,
    headRevision: head,
    isDraft,
    isAutoMerging: false,
    createdAt,
    ...(closedAt === undefined ? {} : { closedAt }),
    author: { login: 'basekeeper', isBot: true },
    labels,
    ...(comments.length === 0
      ? {}
      : { comments: comments.map(({ body: text, writtenAt }) => ({ body: text, writtenAt })) }),
  };
}
