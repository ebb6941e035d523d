import type { Check } from '../../../domain/merge/checks.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import { type CommitStatus, type Forge, ForgeError, type PullRequestDraft } from '../../../ports/forge.ts';
import type { Connection } from '../../git/connect.ts';
import { isObjectId } from '../../git/object-id.ts';
import { notesOnLabels } from '../notes-on-labels.ts';
import { keyOf } from './key-of.ts';
import type { Proposal } from './proposal.ts';
import { readChanges } from './read-changes.ts';
import { hasCommit, readFile } from './read-file.ts';
import { orRefusal } from './refusal.ts';
import { type Refs, type Scratch, withScratch } from './scratch.ts';
import {
  formatLabels,
  formatStatuses,
  labelsRef,
  readLabels,
  readShared,
  readStatuses,
  statusesRef,
  writeShared,
} from './shared-files.ts';
import {
  pullsPrefix,
  readOne,
  readProposals,
  type Stored,
  toPullRequest,
  withState,
  writeProposal,
} from './stored-proposals.ts';

export type GitPlace = {
  /** @param repository as the forge's callers name it. */
  readonly connect: (repository: string) => Promise<Connection>;
};

/** How often a writer begins anew when another was faster. */
const maxAttempts = 3;

/**
 * The forge of a repository that has none: proposals are JSON files under references of the repository itself, written by
 * git, each with a lease. People merge by git; what became of a proposal is told from there.
 */
export function createGitForge({ connect }: GitPlace, clock: () => Instant): Forge {
  let requests = 0;
  const within = <T>(repository: string, doing: string, use: (scratch: Scratch) => Promise<T>) =>
    orRefusal(doing, async () => withScratch(await connect(repository), () => requests++, use));

  /** Reads, and writes upon exactly what was read. */
  async function retrying<T>(repository: string, doing: string, use: (scratch: Scratch) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++)
      try {
        return await within(repository, doing, use);
      } catch (error) {
        if (!(error instanceof ForgeError) || error.code !== 'conflict' || attempt === maxAttempts) throw error;
      }
  }

  /** @param edit `undefined` leaves it as it is. */
  const change = (repository: string, key: string, doing: string, edit: (present: Proposal) => Proposal | undefined) =>
    retrying(repository, doing, async (scratch) => {
      const refs = await scratch.listRefs();
      const stored = await readOne(scratch, refs, key, doing);
      const tip = refs.ids.get(`refs/heads/${stored.proposal.branch}`);
      const isOpen = stored.proposal.state === 'open';
      const edited = edit(isOpen && tip !== undefined ? { ...stored.proposal, head: tip } : stored.proposal);
      if (edited !== undefined) await writeProposal(scratch, { key, expected: stored.revision, at: clock() }, edited);
    });

  return {
    kind: 'git',
    requests: () => requests,

    readRepository: (repository) =>
      within(repository, `read ${repository}`, async (scratch) => ({
        path: repository,
        defaultBranch: (await scratch.listRefs()).defaultBranch ?? 'main',
        isArchived: false,
        isFork: false,
        cloneUrl: scratch.address,
        // Git tells by a push alone, which is another request.
        canPush: undefined,
      })),

    async listRepositories(owner) {
      const reason = 'a plain git server has no list of them; name each repository in the fleet file';
      throw new ForgeError('invalid', `cannot list the repositories of ${owner}: ${reason}`);
    },

    readFile: (repository, path, revision) =>
      within(repository, `read ${path} of ${repository}`, (scratch) => readFile(scratch, path, revision)),

    listPullRequests: (repository, { branchPrefix = '', closedSince }) =>
      within(repository, `list the proposals of ${repository}`, async (scratch) => {
        const refs = await scratch.listRefs();
        const found = await withState(scratch, refs, await readProposals(scratch, refs));
        return found
          .map((stored) => toPullRequest(scratch.address, stored))
          .filter(({ branch }) => branch.startsWith(branchPrefix))
          .filter(
            ({ state, closedAt = 0 }) => state === 'open' || (closedSince !== undefined && closedAt >= closedSince),
          )
          .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      }),

    openPullRequest: (repository, draft) =>
      retrying(repository, `open a proposal of ${draft.branch} in ${repository}`, async (scratch) => {
        const refs = await scratch.listRefs();
        const present = await readProposals(scratch, refs);
        const settled = await withState(scratch, refs, present);
        const open = settled.find(({ proposal }) => proposal.state === 'open' && proposal.branch === draft.branch);
        if (open !== undefined)
          return { pullRequest: toPullRequest(scratch.address, open), notes: notesOnOpen(open, draft) };
        await writeDown(scratch, present, settled, clock());
        const head = requireBranch(scratch, refs, draft.branch);
        requireBranch(scratch, refs, draft.baseBranch);
        const known = draft.labels.length === 0 ? [] : await readShared(scratch, refs, labelsRef, readLabels);
        const { branch, baseBranch, title, body, isDraft, assignees, reviewers } = draft;
        const key = keyOf(branch, (candidate) => refs.ids.has(`${pullsPrefix}${candidate}`));
        const texts = { branch, baseBranch, title, body, isDraft, assignees, reviewers };
        const labels = draft.labels.filter((label) => known.includes(label));
        const proposal = { ...texts, head, state: 'open', createdAt: clock(), labels, comments: [] } as const;
        await writeProposal(scratch, { key, expected: undefined, at: clock() }, proposal);
        const unknown = draft.labels.filter((label) => !known.includes(label));
        const people = [...assignees, ...reviewers];
        return {
          pullRequest: toPullRequest(scratch.address, { key, revision: head, proposal }),
          notes: [
            ...notesOnLabels(unknown),
            ...(people.length === 0 ? [] : [`git tells nobody: ${people.join(', ')} only stand in the proposal`]),
          ],
        };
      }),

    updatePullRequest: (repository, id, { title, body, baseBranch }) =>
      change(repository, id, `change the proposal ${id} of ${repository}`, (present) => ({
        ...present,
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { body }),
        ...(baseBranch === undefined ? {} : { baseBranch }),
      })),

    closePullRequest(repository, id) {
      const doing = `close the proposal ${id} of ${repository}`;
      return retrying(repository, doing, async (scratch) => {
        const refs = await scratch.listRefs();
        const stored = await readOne(scratch, refs, id, doing);
        const [settled] = await withState(scratch, refs, [stored]);
        // Closed because its branch is gone is not written down yet.
        if (settled === undefined || stored.proposal.state !== 'open' || settled.proposal.state === 'merged') return;
        const at = clock();
        const closed = { ...settled.proposal, state: 'closed', closedAt: at } as const;
        await writeProposal(scratch, { key: id, expected: stored.revision, at }, closed);
      });
    },

    writeComment: (repository, id, marker, body) =>
      change(repository, id, `write a comment on the proposal ${id} of ${repository}`, (present) => {
        const written = { marker, body, writtenAt: clock() };
        const at = present.comments.findIndex((comment) => comment.marker === marker);
        if (present.comments[at]?.body === body) return undefined;
        const comments = at < 0 ? [...present.comments, written] : present.comments.with(at, written);
        return { ...present, comments };
      }),

    readChanges(repository, id) {
      const doing = `read the changes of the proposal ${id} of ${repository}`;
      return within(repository, doing, async (scratch) => {
        const refs = await scratch.listRefs();
        const { proposal } = await readOne(scratch, refs, id, doing);
        const head = refs.ids.get(`refs/heads/${proposal.branch}`) ?? proposal.head;
        return readChanges(scratch, head, requireBranch(scratch, refs, proposal.baseBranch));
      });
    },

    setStatus(repository, revision, status) {
      const doing = `set a status on ${revision.slice(0, 12)} of ${repository}`;
      return retrying(repository, doing, async (scratch) => {
        if (!isObjectId(revision) || !(await hasCommit(scratch, revision, doing)))
          throw new ForgeError('not-found', `cannot ${doing}: there is no such commit`);
        const refs = await scratch.listRefs();
        const present = await readShared(scratch, refs, statusesRef, readStatuses);
        const text = formatStatuses(present, { ...status, revision });
        await writeShared(scratch, refs, { ref: statusesRef, text, at: clock(), read: readStatuses });
      });
    },

    // People merge by git, which tells nothing of who looked at it.
    readApprovals: async () => [],
    isMember: async () => false,

    readChecks: (repository, revision) =>
      within(repository, `read the statuses of ${revision.slice(0, 12)} in ${repository}`, async (scratch) => {
        const statuses = await readShared(scratch, await scratch.listRefs(), statusesRef, readStatuses);
        return checksOf(statuses.filter((one) => one.revision === revision));
      }),

    // Whoever may push may push to the branch: nothing is required there that git knows of.
    readMergeRules: async () => ({ requiredChecks: undefined, coversAll: false, allowsAutoMerge: false, methods: [] }),
    mergePullRequest: async (repository, id) => refuseMerge(repository, id),
    enableAutoMerge: async (repository, id) => refuseMerge(repository, id),
    disableAutoMerge: async () => undefined,
    requestReview: async (_repository, _id, reviewers) =>
      reviewers.length === 0 ? [] : [`git tells nobody: ask ${reviewers.join(', ')} yourself`],

    listStartedRuns: async (repository) => refuseStart(repository),
    startPipeline: async (repository) => refuseStart(repository),

    listLabels: (repository) =>
      within(repository, `list the labels of ${repository}`, async (scratch) =>
        readShared(scratch, await scratch.listRefs(), labelsRef, readLabels),
      ),

    createLabel: (repository, name) =>
      retrying(repository, `make the label ${name} in ${repository}`, async (scratch) => {
        const refs = await scratch.listRefs();
        const present = await readShared(scratch, refs, labelsRef, readLabels);
        if (present.includes(name)) return;
        const text = formatLabels([...present, name]);
        await writeShared(scratch, refs, { ref: labelsRef, text, at: clock(), read: readLabels });
      }),

    findIssue: async (repository) => refuseIssue(repository),
    writeIssue: async (repository) => refuseIssue(repository),
    writeIssueComment: async (repository) => refuseIssue(repository),
    closeIssue: async (repository) => refuseIssue(repository),
  };
}

function refuseIssue(repository: string): never {
  const reason = 'a plain git server has no issues; name a repository on GitHub or GitLab';
  throw new ForgeError('invalid', `cannot keep an issue in ${repository}: ${reason}`);
}

function refuseMerge(repository: string, id: string): never {
  const reason = 'a plain git server knows no checks that a branch requires; merge it by git';
  throw new ForgeError('invalid', `cannot merge the proposal ${id} of ${repository}: ${reason}`);
}

function refuseStart(repository: string): never {
  const reason = 'a plain git server runs none; start the release yourself, or have image-monitor push an empty commit';
  throw new ForgeError('invalid', `cannot start a pipeline of ${repository}: ${reason}`);
}

function checksOf(statuses: readonly CommitStatus[]): readonly Check[] {
  return statuses
    .map(({ context, state, description, url }): Check => {
      const texts = { ...(description === '' ? {} : { description }), ...(url === undefined ? {} : { url }) };
      return { name: context, state: state === 'error' ? 'failure' : state, hasFailedBefore: false, ...texts };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function notesOnOpen({ proposal }: Stored, draft: PullRequestDraft): readonly string[] {
  return proposal.baseBranch === draft.baseBranch ? [] : [`it is open already, into ${proposal.baseBranch}`];
}

/** What git told is written down, so that it stays true when the base has moved on and branches are gone. */
async function writeDown(
  scratch: Scratch,
  present: readonly Stored[],
  settled: readonly Stored[],
  at: Instant,
): Promise<void> {
  for (const [index, { key, revision, proposal }] of settled.entries()) {
    if (proposal.state === present[index]?.proposal.state) continue;
    const noticed = proposal.state === 'closed' ? { ...proposal, closedAt: at } : proposal;
    await writeProposal(scratch, { key, expected: revision, at }, noticed);
  }
}

function requireBranch(scratch: Scratch, { ids }: Refs, branch: string): string {
  const tip = ids.get(`refs/heads/${branch}`);
  if (tip === undefined)
    throw new ForgeError('invalid', `${scratch.address} has no branch ${JSON.stringify(branch.slice(0, 100))}`);
  return tip;
}
