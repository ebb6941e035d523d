import type { JsonObject } from '../../../domain/image/json-value.ts';
import { ForgeError, type OpenedPullRequest, type PullRequestDraft } from '../../../ports/forge.ts';
import { notesOnLabels } from '../notes-on-labels.ts';
import { createAddPeople } from './add-people.ts';
import type { FindAuthor } from './find-author.ts';
import { objectOf } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { readPullRequest } from './read-pull-request.ts';
import { nameOf, numberOf } from './route-names.ts';

/** Labels and people come after it is open: one that was opened and left alone then is completed when it is opened again. */
export function createOpenPullRequest(
  client: GithubClient,
  findAuthor: FindAuthor,
  listLabels: (repository: string) => Promise<readonly string[]>,
) {
  const addPeople = createAddPeople(client);

  async function create(repository: string, draft: PullRequestDraft, isDraft: boolean, doing: string) {
    const { branch, baseBranch, title, body } = draft;
    const asked = { ...nameOf(repository), head: branch, base: baseBranch, title, body, draft: isDraft };
    return objectOf(await client.ask(doing, 'POST /repos/{owner}/{repo}/pulls', asked), doing);
  }

  async function findOpen(repository: string, { branch, baseBranch }: PullRequestDraft, doing: string) {
    const name = nameOf(repository);
    const asked = { ...name, state: 'open', head: `${name.owner}:${branch}`, base: baseBranch } as const;
    return (await client.list(doing, 'GET /repos/{owner}/{repo}/pulls', asked)).items[0];
  }

  async function openOrFind(repository: string, draft: PullRequestDraft, doing: string): Promise<Found> {
    try {
      return { given: await create(repository, draft, draft.isDraft, doing), notes: [] };
    } catch (error) {
      if (!(error instanceof ForgeError) || error.code !== 'invalid') throw error;
      const open = await findOpen(repository, draft, doing);
      if (open !== undefined) return { given: open, notes: [] };
      // Not every plan has drafts.
      if (!draft.isDraft || !/draft/i.test(error.message)) throw error;
      const given = await create(repository, draft, false, doing);
      return { given, notes: ['it is no draft: GitHub offers none in this repository'] };
    }
  }

  async function addLabels(repository: string, id: string, wanted: readonly string[]) {
    if (wanted.length === 0) return { labels: [], notes: [] };
    const known = new Map((await listLabels(repository)).map((label) => [label.toLowerCase(), label]));
    // GitHub would make unknown labels without a word; who reads the list of labels decides what is one.
    const labels = wanted.flatMap((label) => known.get(label.toLowerCase()) ?? []);
    const notes = notesOnLabels(wanted.filter((label) => !known.has(label.toLowerCase())));
    if (labels.length > 0) {
      const doing = `label ${repository}#${id}`;
      const asked = { ...nameOf(repository), issue_number: numberOf(id, doing), labels };
      await client.ask(doing, 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels', asked);
    }
    return { labels, notes };
  }

  return async (repository: string, draft: PullRequestDraft): Promise<OpenedPullRequest> => {
    const doing = `open a pull request of ${draft.branch} in ${repository}`;
    const { given, notes } = await openOrFind(repository, draft, doing);
    const pullRequest = await readPullRequest(given, doing, repository, findAuthor);
    const labelled = await addLabels(repository, pullRequest.id, draft.labels);
    const people = await addPeople(repository, pullRequest.id, draft);
    const labels = [...new Set([...pullRequest.labels, ...labelled.labels])];
    return { pullRequest: { ...pullRequest, labels }, notes: [...notes, ...labelled.notes, ...people] };
  };
}

type Found = { readonly given: JsonObject; readonly notes: readonly string[] };
