import { readStartedRun } from '../../../domain/forge/started-run.ts';
import { asObject } from '../../../domain/image/json-value.ts';
import { type Forge, ForgeError, type PipelineStart } from '../../../ports/forge.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf } from './route-names.ts';

const workflowRoute = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';
const newest = 20;

/** @see https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event */
export function createStartPipeline(client: GithubClient): Pick<Forge, 'listStartedRuns' | 'startPipeline'> {
  return {
    async listStartedRuns(repository, { workflow, ref }) {
      const doing = `list the runs of ${workflow ?? 'a workflow'} in ${repository}`;
      const asked = { ...nameOf(repository), workflow_id: named(workflow, doing), branch: ref };
      const dispatched = { ...asked, event: 'workflow_dispatch' };
      const { items } = await client.list(doing, `GET ${workflowRoute}/runs`, dispatched, { maxItems: newest });
      return items.flatMap((run) => readStartedRun(run, { id: 'id', url: 'html_url' }) ?? []);
    },

    async startPipeline(repository, { workflow, ref, inputs }) {
      const doing = `start ${workflow ?? 'a workflow'} on ${ref} of ${repository}`;
      const route = `POST ${workflowRoute}/dispatches` as const;
      const texts = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]));
      const asked = { ...nameOf(repository), workflow_id: named(workflow, doing), ref, inputs: texts };
      const answer = await client
        .ask(doing, route, { ...asked, return_run_details: true })
        .catch(async (error: unknown) => {
          if (!(error instanceof ForgeError) || error.code !== 'invalid') throw error;
          // One that does not know the parameter says so; one that refuses for another reason says that again.
          return client.ask(doing, route, asked);
        });
      return readStartedRun(asObject(answer.data), { id: 'workflow_run_id', url: 'html_url' });
    },
  };
}

function named(workflow: PipelineStart['workflow'], doing: string): string {
  if (workflow !== undefined) return workflow;
  const reason = 'on GitHub a workflow has to be named: write workflow: release.yml';
  throw new ForgeError('invalid', `cannot ${doing}: ${reason}`);
}
