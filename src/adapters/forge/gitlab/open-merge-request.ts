import { MergeRequests } from '@gitbeaker/core';
import { listMember, objectMember, textMember } from '../../../domain/image/json-value.ts';
import { ForgeError, type OpenedPullRequest, type PullRequest, type PullRequestDraft } from '../../../ports/forge.ts';
import { notesOnLabels } from '../notes-on-labels.ts';
import { createFindPeople } from './find-people.ts';
import { draftTitle, isOfProject, readMergeRequest } from './read-merge-request.ts';
import type { Session } from './session.ts';

/** GitLab allows one open merge request of a branch, wherever it goes to. */
export function createOpenMergeRequest(
  session: Session,
  listLabels: (repository: string) => Promise<readonly string[]>,
) {
  const mergeRequests = new MergeRequests(session.options);
  const findPeople = createFindPeople(session);

  async function findOpen(repository: string, branch: string): Promise<PullRequest | undefined> {
    const doing = `find the merge request of ${branch} in ${repository}`;
    const found = await session.list(doing, (page) =>
      mergeRequests.all({ projectId: repository, state: 'opened', sourceBranch: branch, scope: 'all', ...page }),
    );
    return found.filter(isOfProject).map((one) => readMergeRequest(one, doing))[0];
  }

  return async (repository: string, draft: PullRequestDraft): Promise<OpenedPullRequest> => {
    const doing = `open a merge request of ${draft.branch} in ${repository}`;
    const known = draft.labels.length === 0 ? [] : await listLabels(repository);
    const assignees = await findPeople(draft.assignees);
    const reviewers = await findPeople(draft.reviewers);
    const title = draftTitle(draft.title, draft.isDraft);
    try {
      const answer = await session.ask(doing, () =>
        mergeRequests.create(repository, draft.branch, draft.baseBranch, title, {
          description: draft.body,
          // GitLab would make unknown labels without a word; who reads the list of labels decides what is one.
          labels: draft.labels.filter((label) => known.includes(label)).join(','),
          assigneeIds: [...assignees.ids],
          reviewerIds: [...reviewers.ids],
        }),
      );
      return {
        pullRequest: readMergeRequest(answer, doing),
        notes: [
          ...notesOnLabels(draft.labels.filter((label) => !known.includes(label))),
          ...assignees.notes,
          ...reviewers.notes,
          ...missing(answer, 'assignees', assignees.names).map((name) => `GitLab did not assign it to ${name}`),
          ...missing(answer, 'reviewers', reviewers.names).map((name) => `GitLab did not ask ${name} to review`),
        ],
      };
    } catch (error) {
      if (!(error instanceof ForgeError) || error.code !== 'conflict') throw error;
      return alreadyOpen(await findOpen(repository, draft.branch), error, draft);
    }
  };
}

function alreadyOpen(
  open: PullRequest | undefined,
  error: ForgeError,
  { baseBranch }: PullRequestDraft,
): OpenedPullRequest {
  if (open === undefined) throw error;
  const notes = open.baseBranch === baseBranch ? [] : [`it is open already, into ${open.baseBranch}`];
  return { pullRequest: open, notes };
}

/** Without a licence for more, GitLab takes one of each. */
function missing(answer: unknown, field: string, names: readonly string[]): readonly string[] {
  const taken = new Set(
    (listMember(objectMember({ answer }, 'answer'), field) ?? []).map((user) =>
      textMember(objectMember({ user }, 'user'), 'username')?.toLowerCase(),
    ),
  );
  return names.filter((name) => !taken.has(name.toLowerCase()));
}
