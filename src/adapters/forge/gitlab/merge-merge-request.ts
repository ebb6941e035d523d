import { MergeRequests, Projects } from '@gitbeaker/core';
import { asObject, listMember, member, textMember } from '../../../domain/image/json-value.ts';
import type { MergeMethod } from '../../../domain/merge/automerge-settings.ts';
import type { MergeRules } from '../../../domain/merge/checks.ts';
import { type BoundMerge, ForgeError, type PullRequest } from '../../../ports/forge.ts';
import { asConflict } from '../as-conflict.ts';
import { createFindPeople } from './find-people.ts';
import { pipelineCheck } from './read-checks.ts';
import { readMergeRequest } from './read-merge-request.ts';
import type { Session } from './session.ts';

const methodsBySquash: ReadonlyMap<string, readonly MergeMethod[]> = new Map([
  ['never', ['merge']],
  ['always', ['squash']],
]);

/** Merging, and what has to hold before. */
export function createMergeMergeRequest(session: Session) {
  const mergeRequests = new MergeRequests(session.options);
  const projects = new Projects(session.options);
  const findPeople = createFindPeople(session);
  const { ask } = session;

  async function readAt(repository: string, id: number, expectedHead: string, doing: string): Promise<PullRequest> {
    const found = readMergeRequest(await ask(doing, () => mergeRequests.show(repository, id)), doing);
    if (found.state !== 'merged' && found.headRevision !== expectedHead)
      throw new ForgeError(
        'conflict',
        `cannot ${doing}: its head is ${found.headRevision.slice(0, 12)} now, and ${expectedHead.slice(0, 12)} was judged`,
      );
    return found;
  }

  return {
    async mergePullRequest(repository: string, id: number, { expectedHead, method }: BoundMerge): Promise<void> {
      const doing = `merge ${repository}!${id}`;
      if ((await readAt(repository, id, expectedHead, doing)).state === 'merged') return;
      const options = { sha: expectedHead, squash: method === 'squash' };
      await asConflict(ask(doing, () => mergeRequests.merge(repository, id, options)));
    },

    async enableAutoMerge(repository: string, id: number, { expectedHead, method }: BoundMerge): Promise<void> {
      const doing = `let GitLab merge ${repository}!${id}`;
      const { state, isAutoMerging } = await readAt(repository, id, expectedHead, doing);
      if (state === 'merged' || isAutoMerging) return;
      // Before GitLab 17.11 it had the longer name.
      const isLater = { autoMerge: true, mergeWhenPipelineSucceeds: true };
      const options = { sha: expectedHead, squash: method === 'squash', ...isLater };
      await asConflict(ask(doing, () => mergeRequests.merge(repository, id, options)));
    },

    async disableAutoMerge(repository: string, id: number): Promise<void> {
      const doing = `take back that GitLab merges ${repository}!${id}`;
      const found = readMergeRequest(await ask(doing, () => mergeRequests.show(repository, id)), doing);
      if (found.isAutoMerging) await ask(doing, () => mergeRequests.cancelOnPipelineSuccess(repository, id));
    },

    /** GitLab sets all reviewers at once: those that were asked stay. */
    async requestReview(repository: string, id: number, reviewers: readonly string[]): Promise<readonly string[]> {
      const doing = `ask for reviews of ${repository}!${id}`;
      const { ids, notes } = await findPeople(reviewers);
      if (ids.length === 0) return notes;
      const given = asObject(await ask(doing, () => mergeRequests.show(repository, id)));
      const present = (listMember(given, 'reviewers') ?? [])
        .map((one) => member(asObject(one), 'id'))
        .filter((one) => typeof one === 'number');
      if (ids.every((one) => present.includes(one))) return notes;
      const reviewerIds = [...new Set([...present, ...ids])];
      await ask(doing, () => mergeRequests.edit(repository, id, { reviewerIds }));
      return notes;
    },

    async readMergeRules(repository: string, branch: string): Promise<MergeRules> {
      const doing = `read the rules of ${branch} in ${repository}`;
      const project = asObject(await ask(doing, () => projects.show(repository)));
      // Who may not see it is not told.
      const isRequired = member(project, 'only_allow_merge_if_pipeline_succeeds');
      return {
        requiredChecks: typeof isRequired === 'boolean' ? (isRequired ? [{ name: pipelineCheck }] : []) : undefined,
        coversAll: isRequired === true,
        allowsAutoMerge: true,
        methods: methodsBySquash.get(textMember(project, 'squash_option') ?? '') ?? ['merge', 'squash'],
      };
    },
  };
}
