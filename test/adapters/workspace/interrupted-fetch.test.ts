import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { beginAnew, openCache } from '../../../src/adapters/git/object-cache.ts';
import { type FetchRequest, fetchRepository } from '../../../src/adapters/workspace/fetch-repository.ts';
import { bareEnvironment, type GitServer, git, startGitServer } from '../../fakes/git-server.ts';

const adapter = join(import.meta.dirname, '../../../src/adapters/workspace/fetch-repository.ts');

/** A repository whose commit is some hundred kilobytes, so that half of it can be sent. */
async function withProject(
  use: (server: GitServer, request: FetchRequest, work: string) => Promise<void>,
): Promise<void> {
  const server = await startGitServer();
  const folder = mkdtempSync(join(tmpdir(), 'interrupted-'));
  try {
    git(folder, 'init', '-q');
    for (let index = 0; index < 1500; index += 1)
      writeFileSync(join(folder, `${randomBytes(40).toString('hex')}.txt`), '');
    writeFileSync(join(folder, 'Dockerfile'), 'FROM a');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'x');
    git(folder, 'config', 'uploadpack.allowFilter', 'true');
    const cacheFolder = join(server.root, 'cache');
    const environment = bareEnvironment();
    git(server.root, 'clone', '-q', '--bare', folder, 'a.git');
    git(join(server.root, 'a.git'), 'config', 'uploadpack.allowFilter', 'true');
    const url = `${server.origin}/a.git`;
    await use(server, { url, cacheFolder, environment, isPrivateAllowed: () => true, protocols: ['http'] }, folder);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readsAll(request: FetchRequest) {
  const workspace = await fetchRepository(request);
  assert.equal((await workspace.list({ isWanted: (path) => path === 'Dockerfile' })).paths.length, 1501);
  assert.equal(await workspace.read('Dockerfile', 99), 'FROM a');
}

test('a fetch that was given up in the middle leaves nothing broken', () =>
  withProject(async (server, request) => {
    server.behaviour = { kind: 'half', bytes: 30_000 };
    await assert.rejects(fetchRepository({ ...request, timeoutMs: 3000 }), { code: 'timeout' });
    server.behaviour = { kind: 'serve' };
    await readsAll(request);
  }));

function fetchInProgram(request: FetchRequest): ChildProcess {
  const program = `
    process.on('SIGINT', () => process.exit(130));
    const { fetchRepository } = await import(${JSON.stringify(adapter)});
    const request = JSON.parse(process.env.REQUEST);
    await fetchRepository({ ...request, environment: process.env, isPrivateAllowed: () => true });`;
  const env = { ...bareEnvironment(), REQUEST: JSON.stringify(request) };
  return spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' });
}

test('git ends with the program that is interrupted', () =>
  withProject(async (server, request) => {
    server.behaviour = { kind: 'hang' };
    const child = fetchInProgram(request);
    await server.hanging;
    child.kill('SIGINT');
    // By itself git would give up after a minute.
    const late = AbortSignal.timeout(20_000);
    const isLate = new Promise((_, reject) =>
      late.addEventListener('abort', () => reject(new Error('git still waits'))),
    );
    await Promise.race([server.abandoned, isLate]);
  }));

test('a fetch whose program was killed leaves nothing broken', () =>
  withProject(async (server, request) => {
    server.behaviour = { kind: 'half', bytes: 30_000 };
    const child = fetchInProgram(request);
    await server.hanging;
    const closed = new Promise((done) => child.on('close', done));
    child.kill('SIGKILL');
    await closed;
    assert.equal(globSync(`${request.cacheFolder}/*/1/own-*`).length, 1, 'it was in the middle');
    server.behaviour = { kind: 'serve' };
    await readsAll(request);
  }));

test('a lock that a killed git left behind stops nobody', () =>
  withProject(async (_, request) => {
    await readsAll(request);
    for (const cache of globSync(`${request.cacheFolder}/*/1`)) {
      mkdirSync(join(cache, 'own-dead'));
      for (const name of ['shallow.lock', 'HEAD.lock', 'config.lock', 'packed-refs.lock', 'own-dead/shallow.lock'])
        writeFileSync(join(cache, name), '');
      writeFileSync(join(cache, 'objects/pack/tmp_pack_dead'), 'PACK');
    }
    git(join(request.cacheFolder, '../a.git'), 'branch', 'other', 'main');
    await readsAll({ ...request, branch: 'other' });
  }));

test('a cache that is full is followed by a new one, and only the last two stay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cache-'));
  try {
    const bounds = { maxBytes: 1000 };
    const first = openCache(folder, 'https://h.example/a', bounds);
    assert.deepEqual(openCache(folder, 'https://h.example/a', bounds), first);
    assert.notEqual(openCache(folder, 'https://h.example/b', bounds).folder, first.folder);
    writeFileSync(join(first.objects, 'pack', 'pack-1.pack'), Buffer.alloc(1001));
    const second = openCache(folder, 'https://h.example/a', bounds);
    assert.notEqual(second.folder, first.folder);
    assert.equal(globSync(`${folder}/*h.example-a/*`).length, 2);
    beginAnew(folder, 'https://h.example/a');
    assert.deepEqual(
      globSync(`${folder}/*h.example-a/*`)
        .map((path) => path.at(-1))
        .sort(),
      ['2', '3'],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
