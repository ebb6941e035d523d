import { Commits, Pipelines } from '@gitbeaker/core';
import { type JsonObject, member, textMember } from '../../../domain/image/json-value.ts';
import type { Check } from '../../../domain/merge/checks.ts';
import { isOwnCheck } from '../../../domain/merge/own-check.ts';

import { type Attempt, latestAttempts } from '../latest-attempts.ts';
import { instantMember, malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

/** What GitLab asks for where a project lets nothing be merged without: the whole of what ran. */
export const pipelineCheck = 'pipeline';

const maxItems = 1000;

const states: ReadonlyMap<string, Check['state']> = new Map([
  ['success', 'success'],
  ['skipped', 'neutral'],
  ...['created', 'waiting_for_resource', 'preparing', 'waiting_for_callback', 'pending', 'running', 'scheduled'].map(
    (name) => [name, 'pending'] as const,
  ),
  // It waits for a person.
  ['manual', 'pending'],
]);

/** Jobs and statuses by name, and the newest pipeline as a check of its own. */
export function createReadChecks(session: Session) {
  const commits = new Commits(session.options);
  const pipelines = new Pipelines(session.options);

  return async (repository: string, revision: string): Promise<readonly Check[]> => {
    const doing = `read the checks of ${revision.slice(0, 12)} in ${repository}`;
    const statuses = await session.listSome(doing, maxItems, (page) =>
      commits.allStatuses(repository, revision, { all: true, ...page }),
    );
    const ran = await session.listSome(doing, maxItems, (page) =>
      pipelines.all(repository, { sha: revision, orderBy: 'id', sort: 'desc', ...page }),
    );
    // What was not read may have failed.
    if (statuses.isTruncated || ran.isTruncated) throw malformed(doing, `more than ${maxItems} checks`);
    const jobs = statuses.items.map((status) => ofStatus(status, doing));
    // Statuses make a pipeline where there is none: of ours alone it is none.
    const isOursAlone = jobs.every(({ name }) => isOwnCheck(name));
    const counted = ran.items.filter((one) => textMember(one, 'source') !== 'external' || !isOursAlone);
    return latestAttempts([...jobs, ...counted.map((pipeline) => ofPipeline(pipeline, doing))]);
  };
}

function ofStatus(status: JsonObject, doing: string): Attempt {
  const id = member(status, 'id');
  const name = textMember(status, 'name');
  if (name === undefined || typeof id !== 'number') throw malformed(doing, 'a status without name or number');
  const description = textMember(status, 'description') ?? '';
  return {
    group: JSON.stringify(['status', name]),
    order: id,
    name,
    state: stateOf(status),
    ...startOf(status),
    ...(description === '' ? {} : { description }),
    ...urlOf(textMember(status, 'target_url')),
  };
}

function ofPipeline(pipeline: JsonObject, doing: string): Attempt {
  const triedAt = instantMember(pipeline, 'updated_at');
  const id = member(pipeline, 'id');
  if (typeof id !== 'number') throw malformed(doing, 'a pipeline without number');
  return {
    group: JSON.stringify([pipelineCheck]),
    order: id,
    name: pipelineCheck,
    state: stateOf(pipeline),
    ...startOf(pipeline),
    // One that is tried again stays the same.
    ...(triedAt === undefined ? {} : { triedAt }),
    ...urlOf(textMember(pipeline, 'web_url')),
  };
}

function stateOf(one: JsonObject): Check['state'] {
  const status = textMember(one, 'status') ?? '';
  const isOptional = member(one, 'allow_failure') === true;
  if (isOptional && (status === 'failed' || status === 'canceled' || status === 'manual')) return 'neutral';
  return states.get(status) ?? 'failure';
}

function startOf(one: JsonObject) {
  const startedAt = instantMember(one, 'created_at');
  return startedAt === undefined ? {} : { startedAt };
}

function urlOf(url: string | undefined) {
  return url === undefined || url === '' ? {} : { url };
}
