import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { Episode, RecordedEvent } from '../../../src/domain/deadline/episode.ts';
import { wantedRebuilds } from '../../../src/domain/deadline/wanted-rebuilds.ts';
import { withEvents } from '../../../src/domain/deadline/with-events.ts';
import { askRebuild } from '../../../src/flows/act/ask-rebuild.ts';
import { withGithub } from '../../adapters/forge/github/with-github.ts';
import { digest, episodeOf, event, fixAvailable } from '../../domain/deadline/lived.ts';
import { clean, useOf } from '../../domain/deadline/tracked.ts';

const tag = 'docker.io/library/debian:12-slim';
const minute = 60_000;

/** Two CRITICAL findings, which two contents have mended. */
function twoEpisodes(): readonly Episode[] {
  const merged = (name: string) => event('1d', { kind: 'merged', digest: `sha256:${name.repeat(64)}` });
  const found = event('0d', { kind: 'detected', digest, severity: 'critical', scanner: 'trivy', tag });
  const { subject } = episodeOf();
  return ['b', 'c'].map((name) => ({
    subject: { ...subject, id: `CVE-2026-000${name}` },
    number: 1,
    events: [found, fixAvailable('0d'), merged(name)],
  }));
}

/** Asks again and again; what was written down until then counts. */
function asking(fact: string, use: (world: World) => Promise<void>): void {
  test(fact, () =>
    withGithub(async ({ forge, github, repository }) => {
      repository.workflows.add('release.yml');
      let episodes = twoEpisodes();
      const told: RecordedEvent[] = [];
      const append = async (events: readonly RecordedEvent[]) => {
        if (events.some(({ event: { what } }) => what.kind === world.dies)) throw new Error('killed');
        told.push(...events);
        episodes = withEvents(episodes, events);
      };
      const world: World = {
        ...{ github, repository, told, dies: undefined },
        async ask() {
          const { now } = github.state;
          const wanted = wantedRebuilds(episodes, [useOf(clean, { tag })], defaultDeadlineSettings, now);
          const settings = { workflow: 'release.yml', inputs: {} };
          const place = { kind: 'forge', forge, repository: 'acme/shop' } as const;
          const asked = await askRebuild({ episodes: { append } }, { place, wanted, settings, now, isDryRun: false });
          return asked?.outcome;
        },
      };
      await use(world);
    }),
  );
}

type World = Pick<Parameters<Parameters<typeof withGithub>[0]>[0], 'github' | 'repository'> & {
  readonly told: readonly RecordedEvent[];
  /** The events of this kind are not written any more. */
  dies: RecordedEvent['event']['what']['kind'] | undefined;
  ask(): Promise<string | undefined>;
};

const kinds = (told: readonly RecordedEvent[]) => told.map(({ event: { what } }) => what.kind);

asking('two contents that came together are one release, and nothing more is asked for', async (world) => {
  const { ask, told, repository } = world;
  assert.equal(await ask(), 'asked');
  assert.equal(await ask(), undefined);
  assert.equal(repository.workflowRuns.length, 1);
  assert.deepEqual(kinds(told), ['rebuild-intended', 'rebuild-intended', 'rebuild-asked', 'rebuild-asked']);
});

asking('a forge that does not tell the run is asked for it', async ({ ask, repository }) => {
  repository.tellsRuns = false;
  assert.equal(await ask(), 'asked');
  assert.equal(repository.workflowRuns.length, 1);
});

asking('what may have been started a moment ago is not started again; later it is', async (world) => {
  const { ask, told, github, repository } = world;
  github.fault = { times: 1, method: 'POST', status: 502 };
  assert.equal(await ask(), 'refused');
  github.state.now += minute / 2;
  assert.equal(await ask(), 'pending');
  github.state.now += minute;
  assert.equal(await ask(), 'asked');
  assert.equal(repository.workflowRuns.length, 1);
  const twice = (kind: string) => [kind, kind];
  assert.deepEqual(kinds(told), ['rebuild-intended', 'rebuild-intended', 'rebuild-asked'].flatMap(twice));
});

asking('what was asked for anew and not written down is not started again while it may be unlisted', async (world) => {
  const { ask, github, repository } = world;
  github.fault = { times: 1, method: 'POST', status: 502 };
  assert.equal(await ask(), 'refused');
  github.state.now += 60 * minute;
  world.dies = 'rebuild-asked';
  await assert.rejects(ask());
  world.dies = undefined;
  github.state.now += 1000;
  const listed = repository.workflowRuns.splice(0);
  assert.equal(listed.length, 1);
  assert.equal(await ask(), 'pending');
  assert.equal(repository.workflowRuns.length, 0);
  repository.workflowRuns.push(...listed);
  github.state.now += 60 * minute;
  assert.equal(await ask(), 'found');
  assert.equal(repository.workflowRuns.length, 1);
});

asking('a run that people started meanwhile is the release that was asked for', async (world) => {
  const { ask, github, repository } = world;
  github.fault = { times: 1, method: 'POST', status: 502 };
  assert.equal(await ask(), 'refused');
  const run = { workflow: 'release.yml', ref: 'main', event: 'workflow_dispatch', inputs: {} } as const;
  repository.workflowRuns.push({ id: 4711, ...run });
  assert.equal(await ask(), 'found');
  assert.equal(repository.workflowRuns.length, 1);
});

asking('without a list of runs nothing is started and nothing written down', async ({ ask, told, repository }) => {
  repository.workflows.clear();
  assert.equal(await ask(), 'refused');
  assert.deepEqual(told, []);
});
