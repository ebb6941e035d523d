import { asObject, listMember, objectMember, textMember } from '../../../domain/image/json-value.ts';
import { ForgeError, type PullRequestDraft } from '../../../ports/forge.ts';
import type { GithubAnswer } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf, numberOf } from './route-names.ts';

const team = 'team:';

/** Assigns people and asks people and teams to review; who cannot be is a note. */
export function createAddPeople(client: GithubClient) {
  return async (
    repository: string,
    id: string,
    { assignees, reviewers }: Pick<PullRequestDraft, 'assignees' | 'reviewers'>,
  ): Promise<readonly string[]> => {
    const name = nameOf(repository);
    const notes: string[] = [];
    const assigning = `assign ${repository}#${id}`;
    const issue = { ...name, issue_number: numberOf(id, assigning) };
    const unassigned = await addEach(assignees, async (some) => {
      const asked = { ...issue, assignees: [...some] };
      const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees';
      return loginsIn(await client.ask(assigning, route, asked), 'assignees', 'login');
    });
    notes.push(...unassigned.map((person) => `GitHub did not assign it to ${person}`));

    const asking = `ask for reviews of ${repository}#${id}`;
    const pull = { ...name, pull_number: numberOf(id, asking) };
    const route = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers';
    const unasked = await addEach(reviewers, async (some) => {
      const asked = {
        ...pull,
        reviewers: some.filter((one) => !one.startsWith(team)),
        team_reviewers: some.filter((one) => one.startsWith(team)).map((one) => one.slice(team.length)),
      };
      const answer = await client.ask(asking, route, asked);
      return [
        ...loginsIn(answer, 'requested_reviewers', 'login'),
        ...loginsIn(answer, 'requested_teams', 'slug').map((slug) => `${team}${slug}`),
      ];
    });
    notes.push(...unasked.map((one) => `${one} was not asked to review: ${reasonOf(one)}`));
    return notes;
  };
}

function reasonOf(reviewer: string): string {
  return reviewer.startsWith(team)
    ? 'GitHub knows no such team here, or the token may not see it'
    : 'GitHub knows nobody of that name who may review here';
}

/**
 * All at once, and where GitHub refuses them for one's sake, one by one.
 *
 * @param add tells who is there afterwards
 * @returns who is not
 */
async function addEach(
  names: readonly string[],
  add: (names: readonly string[]) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  try {
    const present = new Set((await add(names)).map((name) => name.toLowerCase()));
    return names.filter((name) => !present.has(name.toLowerCase()));
  } catch (error) {
    const isOfNames = error instanceof ForgeError && (error.code === 'invalid' || error.code === 'not-found');
    if (!isOfNames) throw error;
    if (names.length === 1) return names;
    const refused: string[] = [];
    for (const name of names) refused.push(...(await addEach([name], add)));
    return refused;
  }
}

function loginsIn({ data }: GithubAnswer, list: string, field: string): readonly string[] {
  return (listMember(asObject(data), list) ?? []).flatMap(
    (one) => textMember(objectMember({ one }, 'one'), field) ?? [],
  );
}
