import { type JsonObject, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import type { Check } from '../../../domain/merge/checks.ts';

import { type Attempt, latestAttempts } from '../latest-attempts.ts';
import { malformed } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { instantMember } from './read-pull-request.ts';
import { nameOf } from './route-names.ts';

// More of one commit GitHub does not keep: https://docs.github.com/rest/checks/runs
const maxItems = 1000;

const conclusions: ReadonlyMap<string, Check['state']> = new Map([
  ['success', 'success'],
  ['neutral', 'neutral'],
  ['skipped', 'neutral'],
]);

const statusStates: ReadonlyMap<string, Check['state']> = new Map([
  ['success', 'success'],
  ['pending', 'pending'],
]);

/**
 * GitHub has two kinds: statuses, told apart by context, and check runs, told apart by app, name and suite: two workflows may
 * have jobs of one name, and both have to be green.
 */
export function createReadChecks(client: GithubClient) {
  return async (repository: string, revision: string): Promise<readonly Check[]> => {
    const doing = `read the checks of ${revision.slice(0, 12)} in ${repository}`;
    const asked = { ...nameOf(repository), ref: revision };
    const bounds = { maxItems };
    const runsRoute = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
    const runs = await client.list(doing, runsRoute, { ...asked, filter: 'all' }, bounds);
    const statuses = await client.list(doing, 'GET /repos/{owner}/{repo}/commits/{ref}/statuses', asked, bounds);
    // What was not read may have failed.
    if (runs.isTruncated || statuses.isTruncated) throw malformed(doing, `more than ${maxItems} checks`);
    return latestAttempts([
      ...runs.items.map((run) => ofRun(run, doing)),
      ...statuses.items.map((status) => ofStatus(status, doing)),
    ]);
  };
}

function ofRun(run: JsonObject, doing: string): Attempt {
  const id = member(run, 'id');
  const name = textMember(run, 'name');
  if (name === undefined || typeof id !== 'number') throw malformed(doing, 'a check without name or number');
  const appId = member(objectMember(run, 'app'), 'id');
  const suite = member(objectMember(run, 'check_suite'), 'id');
  const isDone = textMember(run, 'status') === 'completed';
  return {
    group: JSON.stringify(['run', appId, suite, name]),
    order: id,
    name,
    state: isDone ? (conclusions.get(textMember(run, 'conclusion') ?? '') ?? 'failure') : 'pending',
    ...(typeof appId === 'number' ? { appId } : {}),
    ...startOf(instantMember(run, 'started_at')),
    ...textOf('url', textMember(run, 'html_url')),
  };
}

function ofStatus(status: JsonObject, doing: string): Attempt {
  const id = member(status, 'id');
  const name = textMember(status, 'context');
  if (name === undefined || typeof id !== 'number') throw malformed(doing, 'a status without context or number');
  return {
    group: JSON.stringify(['status', name]),
    order: id,
    name,
    state: statusStates.get(textMember(status, 'state') ?? '') ?? 'failure',
    ...startOf(instantMember(status, 'created_at')),
    ...textOf('description', textMember(status, 'description')),
    ...textOf('url', textMember(status, 'target_url')),
  };
}

function startOf(at: number | undefined) {
  return at === undefined ? {} : { startedAt: at };
}

function textOf<Name extends 'url' | 'description'>(name: Name, text: string | undefined) {
  return text === undefined || text === '' ? {} : { [name]: text };
}
