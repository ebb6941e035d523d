import { withGithub } from '../adapters/pipeline/github/with-github.ts';
import { goodToken } from '../fakes/github-pipeline/fake-github.ts';
import type { DispatchDialect } from '../fakes/github-pipeline/routes.ts';
import { pipelineContract } from './pipeline.contract.ts';

const dialects: readonly DispatchDialect[] = ['details', 'no-content', 'refuses-details'];

for (const state of ['variables', 'branch'] as const)
  for (const dialect of dialects)
    pipelineContract({
      name: `GitHub, state in ${state}, dispatch ${dialect}`,
      withPipeline: (use) =>
        withGithub(state, async ({ github, pipeline, connect }) => {
          github.dialect = dialect;
          const { repository } = github;
          await use({
            pipeline,
            other: connect(goodToken),
            messages: () => repository.log('main').map(({ message }) => message),
            isNewestEmpty: () => {
              const [newest, before] = repository.log('main');
              return newest !== undefined && newest.tree === before?.tree;
            },
            startedRuns: () => repository.runs.map(({ id, ref, inputs }) => ({ id, ref, inputs })),
            finish(id, conclusion) {
              const run = repository.runs.find((one) => one.id === id);
              if (run !== undefined) Object.assign(run, { status: 'completed', conclusion });
            },
            forget(id) {
              repository.runs.splice(
                repository.runs.findIndex((one) => one.id === id),
                1,
              );
            },
          });
        }),
    });
