import { Pipelines } from '@gitbeaker/core';
import { readStartedRun } from '../../../domain/forge/started-run.ts';
import { asObject } from '../../../domain/image/json-value.ts';
import type { Forge, PipelineStart } from '../../../ports/forge.ts';
import { malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

const newest = 20;
const members = { id: 'id', url: 'web_url' } as const;

/** @see https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline */
export function createStartPipeline(session: Session): Pick<Forge, 'listStartedRuns' | 'startPipeline'> {
  const pipelines = new Pipelines(session.options);
  return {
    async listStartedRuns(repository, { ref }) {
      const doing = `list the pipelines of ${ref} in ${repository}`;
      const { items } = await session.listSome(doing, newest, (page) =>
        pipelines.all(repository, { ref, source: 'api', orderBy: 'id', sort: 'desc', ...page }),
      );
      return items.flatMap((pipeline) => readStartedRun(pipeline, members) ?? []);
    },

    async startPipeline(repository, { ref, inputs }) {
      const doing = `start a pipeline on ${ref} of ${repository}`;
      const options: Parameters<Pipelines['create']>[2] & { readonly inputs?: unknown } =
        Object.keys(inputs).length === 0 ? {} : { inputs: asNamed(inputs) };
      const answer = await session.ask(doing, () => pipelines.create(repository, ref, options));
      const started = readStartedRun(asObject(answer), members);
      if (started === undefined) throw malformed(doing, 'a pipeline without number');
      return started;
    },
  };
}

/**
 * What a pipeline declares under `spec:inputs`. Gitbeaker would write their names in snake case; functions it leaves alone, and JSON
 * asks them what they stand for.
 */
function asNamed(inputs: PipelineStart['inputs']): unknown {
  return Object.assign(() => undefined, { toJSON: () => inputs });
}
