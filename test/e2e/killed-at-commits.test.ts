import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { mapLimited } from '../../src/flows/limited.ts';
import { type HttpReceiver, startHttpReceiver } from '../fakes/notice-receiver/http-receiver.ts';
import { basekeeperCommand } from './command.ts';
import { inScannedTree, type Scanned } from './scanned.ts';

const dying = join(import.meta.dirname, '..', 'fakes', 'death', 'die-at-commit.ts');
const atOnce = 3;

/** `args` end with the instant of the run. */
type Program = {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly path: string;
};

/** Runs it with the ledger in `state`, and kills it at its n-th commit. @returns how often it committed, or that it was killed */
async function run({ args: given, env, path }: Program, state: string, killAt?: number): Promise<number | 'killed'> {
  const { command, args, environment } = basekeeperCommand(given);
  const commits = `${state}-commits`;
  const child = spawn(command, ['--import', dying, ...args], {
    cwd: path,
    env: {
      ...{ ...environment, ...env, BASEKEEPER_STATE: state, COMMITS_FILE: commits },
      // Side by side they would renew one database.
      TRIVY_CACHE_DIR: `${state}-trivy`,
      ...(killAt === undefined ? {} : { DIE_AT_COMMIT: String(killAt) }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      said += piece;
    });
  await once(child, 'close');
  if (child.signalCode === 'SIGKILL') return 'killed';
  assert.equal(child.exitCode, 0, said);
  return Number(readFileSync(commits, 'utf8'));
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf(state: string, file: string, query: string): readonly Row[] {
  const database = new DatabaseSync(join(state, file), { readOnly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

/** What a ledger tells of images and findings. Clocks run on between two runs: no instant, no span and no hash over them is in it. */
function toldBy(state: string): Readonly<Record<string, readonly unknown[]>> {
  const tables = {
    episodes: 'select * from episodes order by id',
    events: 'select episode, position, what, sequence from episode_events order by sequence',
    sightings: "select image, tag, digest from sightings where platform = '*' order by position",
    moves: 'select image, tag, kind from events order by image, tag, kind',
  };
  return Object.fromEntries(
    Object.entries(tables).map(([name, query]) => [name, rowsOf(state, 'ledger.sqlite', query).map(timeless)]),
  );
}

function timeless(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('{')) return timeless(JSON.parse(value));
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, timeless(inner)]));
  return typeof value === 'number' && value > 999 ? 'some time' : value;
}

/**
 * Runs a program once undisturbed, and once for each of its commits killed there and run again, always from the same beginning.
 *
 * @param compare gets the folder of the undisturbed run, and one of a killed one
 * @returns the folder of the undisturbed run
 */
async function killEverywhere(
  name: string,
  { program, from }: { readonly program: Program; readonly from: string | undefined },
  compare: (undisturbed: string, killed: string) => void,
): Promise<string> {
  const begin = (folder: string) => {
    const state = join(program.path, `${name}-${folder}`);
    if (from !== undefined) cpSync(from, state, { recursive: true });
    return state;
  };
  const undisturbed = begin('undisturbed');
  const commits = await run(program, undisturbed);
  assert.ok(commits !== 'killed' && commits > 2, `${name} committed ${commits} times`);
  const points = Array.from({ length: commits }, (_, at) => at + 1);
  await mapLimited(
    points,
    async (at) => {
      const state = begin(String(at));
      assert.equal(await run(program, state, at), 'killed');
      await run(minuteLater(program), state);
      compare(undisturbed, state);
    },
    atOnce,
  );
  return undisturbed;
}

/** A cycle that began after the clock of a run is left alone: whoever goes on comes later. */
function minuteLater(program: Program): Program {
  const at = Date.parse(program.args.at(-1) ?? '') + 60_000;
  return { ...program, args: program.args.with(-1, new Date(at).toISOString()) };
}

function cycleAt({ path, env }: Scanned, at: string): Program {
  const fixed = ['--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--scan', '--now', at];
  return { args: ['monitor', ...fixed], env, path };
}

function isSameLedger(undisturbed: string, killed: string): void {
  assert.deepEqual(toldBy(killed), toldBy(undisturbed));
}

async function fleetOf(path: string, notify: string): Promise<void> {
  const text = `version: 1\nprivateHosts: [127.0.0.1]\nrepositories: [{ path: tree, team: checkout }]\n${notify}`;
  await writeFile(join(path, 'fleet.yaml'), text);
  await appendFile(join(path, 'policy.yaml'), 'deadlines: { releases: branch }\n');
}

test('a cycle that is killed at any of its commits and run again leaves the ledger that it leaves undisturbed', () =>
  inScannedTree({ Dockerfile: 'FROM debian:12-slim\n' }, async (world) => {
    const { path, push, trivy } = world;
    await fleetOf(path, '');
    push('library/debian', '12-slim', 'old');
    trivy({ updatedAt: '2026-11-25T00:00:00Z' });
    const detected = join(path, 'detected');
    await run(cycleAt(world, '2026-11-25T08:00:00Z'), detected);
    // What is gone is closed, and what is new is detected, in one cycle.
    push('library/debian', '12-slim', 'new');
    trivy({ updatedAt: '2026-11-26T00:00:00Z' });
    const closing = { program: cycleAt(world, '2026-11-26T08:00:00Z'), from: detected };
    const closed = await killEverywhere('closing', closing, isSameLedger);
    const kinds = rowsOf(closed, 'ledger.sqlite', 'select what from episode_events').map(
      ({ what }) => (JSON.parse(String(what)) as { kind: string }).kind,
    );
    const count = (kind: string) => kinds.filter((one) => one === kind).length;
    assert.deepEqual([count('detected'), count('closed')], [5, 2]);
  }));

test('notices that are killed at any commit and run again reach everybody, and a second one bears the mark of the first', async () => {
  const receivers = await Promise.all([startHttpReceiver(), startHttpReceiver()]);
  const [team, others] = receivers;
  try {
    await inScannedTree({ Dockerfile: 'FROM debian:12-slim\n' }, async (world) => {
      const { path, push, trivy } = world;
      const env = { ...world.env, HOOK_SECRET: 'a-secret-of-more-than-24-bytes' };
      const way = ({ url }: HttpReceiver) => `[{ webhook: "${url}", secretFrom: HOOK_SECRET }]`;
      await fleetOf(path, `notify: { teams: { checkout: ${way(team)} }, others: ${way(others)} }\n`);
      push('library/debian', '12-slim', 'old');
      trivy({ updatedAt: '2026-11-25T00:00:00Z' });
      const detected = join(path, 'detected');
      await run(cycleAt(world, '2026-11-25T08:00:00Z'), detected);
      const args = ['notify', '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', '2026-11-29T09:00:00Z'];
      const told = (state: string) =>
        rowsOf(state, 'deliveries.sqlite', 'select recipient, key, state from deliveries order by recipient, key');
      let runs = 1;
      await killEverywhere('notify', { program: { args, env, path }, from: detected }, (undisturbed, killed) => {
        runs += 1;
        assert.deepEqual(told(killed), told(undisturbed));
      });
      for (const { received } of receivers) {
        const marks = new Set(received.map(({ headers }) => headers['webhook-id']));
        assert.equal(marks.size, 1);
        assert.ok(received.length >= runs && received.length <= 2 * runs, `${received.length} in ${runs} runs`);
      }
    });
  } finally {
    await Promise.all(receivers.map((receiver) => receiver.close()));
  }
});
