import { commitTo, headOf } from '../fakes/bare-repository.ts';
import type { OnGithub } from './proposing-on-github.ts';

export type Change = {
  readonly files: Readonly<Record<string, string>>;
  /** `eve` where nobody is named. */
  readonly by?: string;
  readonly approvedBy?: readonly string[];
  /** Approves of what the branch was before its last commit. */
  readonly approvedEarlierBy?: string;
};

/** Somebody asks for a change, others look at it, and it is merged. */
export function mergeChange(
  { github, repository }: OnGithub,
  { files, by = 'eve', approvedBy = [], approvedEarlierBy }: Change,
): void {
  const number = repository.pulls.length + 1;
  const branch = `change-${number}`;
  const base = headOf(repository.folder, 'main') ?? '';
  const earlier = commitTo(repository.folder, branch, { note: `${number}` }, base);
  const head = commitTo(repository.folder, branch, files, earlier);
  const { now } = github.state;
  const reviews = [
    ...(approvedEarlierBy === undefined ? [] : [{ login: approvedEarlierBy, revision: earlier }]),
    ...approvedBy.map((login) => ({ login, revision: head })),
  ];
  repository.pulls.push({
    ...{ id: 100 + number, number, login: by, branch, headRepositoryId: repository.id, baseBranch: 'main' },
    ...{ title: 'waive', body: null, state: 'open', isDraft: false, createdAt: now, updatedAt: now },
    ...{ closedAt: null, mergedAt: null, headRevision: head, baseRevision: base },
    ...{ labels: [], assignees: [], reviewers: [], teams: [], comments: [], autoMerge: null },
    reviews: reviews.map((one, at) => ({ id: at + 1, state: 'APPROVED', ...one })),
  });
  github.merge('acme/shop', number);
}
