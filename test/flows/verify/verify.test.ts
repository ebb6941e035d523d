import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { VerifyResult } from '../../../src/flows/verify/verify-result.ts';
import { BuilderError } from '../../../src/ports/builder.ts';
import { ScannerError } from '../../../src/ports/scanner.ts';
import { digestOf } from '../../fakes/memory/memory-builder.ts';
import { time, VerifyWorld } from './verify-world.ts';

const dockerfile = (base: string) => `FROM ${base}\nUSER 1000\n`;
const [old, fresh] = [dockerfile('node:22-slim'), dockerfile('node:24-slim')];
const before = { 'app/Dockerfile': old, 'app/server.js': '' };
const after = { 'app/Dockerfile': fresh, 'app/server.js': '' };
const system = { family: 'debian', release: '12', isEndOfLife: false };

/** A world whose scanner finds a CRITICAL with a fix in the old image, and nothing in the new one. */
async function inWorld(use: (world: VerifyWorld) => Promise<void>): Promise<void> {
  const world = new VerifyWorld();
  world.memoryScanner.images.set(digestOf(old), { packages: { openssl: '3.0', zlib: '1' }, system });
  world.memoryScanner.images.set(digestOf(fresh), { packages: { openssl: '3.1', zlib: '1' }, system });
  world.memoryScanner.advisories = [
    { id: 'CVE-1', severity: 'critical', package: 'openssl', fixedVersion: '3.1' },
    { id: 'CVE-2', severity: 'high', package: 'zlib' },
  ];
  try {
    await use(world);
  } finally {
    world.close();
  }
}

function deciding({ gate }: VerifyResult): readonly string[] {
  const reasons = gate.reasons.filter(({ outcome }) => outcome !== 'note');
  return [gate.decision, ...reasons.map(({ outcome, image, text }) => `${outcome} ${image ?? 'all'}: ${text}`)];
}

test('an image on a better base passes, and the result says what was measured', () =>
  inWorld(async (world) => {
    world.builder.sizeOf = (text) => (text === old ? 5000 : 4000);
    const result = await world.verify(before, after, { tests: [{ run: 'npm test', in: 'host', timeoutMs: 1000 }] });
    assert.deepEqual(deciding(result), ['pass']);
    assert.deepEqual(
      result.images.map(({ name, decision, sizeDifferenceBytes, findings }) => ({
        ...{ name, decision, sizeDifferenceBytes },
        fixed: findings?.fixed.map(({ id }) => id),
        unfixed: findings?.remaining.unfixed.map(({ id }) => id),
        added: findings?.added,
      })),
      [
        {
          ...{ name: 'app/Dockerfile', decision: 'pass', sizeDifferenceBytes: -1000 },
          ...{ fixed: ['CVE-1'], unfixed: ['CVE-2'], added: [] },
        },
      ],
    );
    // Green after the update: what it was before is no matter.
    assert.deepEqual(world.hostRuns, ['after: npm test']);
    assert.equal(world.builder.removed.length, 2);
    assert.ok(existsSync(join(result.evidence, 'scans')));
  }));

test('a rerun takes over what is still true, and what was not wholly known is made again', () =>
  inWorld(async (world) => {
    const tests = [
      { run: 'npm test', in: 'host', timeoutMs: 1000 },
      { run: 'true', in: 'image', timeoutMs: 1000 },
    ] as const;
    const first = await world.verify(before, after, { tests });
    const second = await world.verify(before, after, { tests });
    assert.deepEqual(second.reused, { builds: 2, scans: 2, tests: 2 });
    assert.deepEqual([second.gate, second.images.length], [first.gate, first.images.length]);
    assert.equal(world.builder.requests.length, 2);

    world.digests = () => `sha256:${'b'.repeat(64)}`;
    assert.equal((await world.verify(before, after, { tests })).reused.builds, 0);
    world.isOnline = false;
    assert.deepEqual((await world.verify(before, after, { tests })).reused, { builds: 0, scans: 2, tests: 0 });
  }));

test('a newer database is asked about the kept inventory, and nothing is built', () =>
  inWorld(async (world) => {
    await world.verify(before, after);
    world.memoryScanner.description = { ...world.memoryScanner.description, databaseAt: time - 60_000 };
    world.memoryScanner.advisories = [{ id: 'CVE-3', severity: 'critical', package: 'zlib', fixedVersion: '2' }];
    const result = await world.verify(before, after);
    assert.deepEqual(result.reused, { builds: 2, scans: 0, tests: 0 });
    assert.deepEqual(deciding(result).slice(0, 2), [
      'fail',
      'fail app/Dockerfile: 1 critical finding with a fix: CVE-3 (zlib, fixed in 2)',
    ]);
    assert.equal(world.builder.requests.length, 2);
    assert.equal(world.memoryScanner.calls.filter((call) => call === 'rematch').length, 2);
  }));

test('a scan that failed is made again, and its image built again for it', () =>
  inWorld(async (world) => {
    world.memoryScanner.refusals.set('scan', new ScannerError('crashed', 'it ended without a report'));
    const failed = await world.verify(before, after);
    assert.match(
      deciding(failed).join('\n'),
      /^hold\nhold app\/Dockerfile: the scan of the new image failed: it ended/,
    );
    world.memoryScanner.refusals.clear();
    const result = await world.verify(before, after);
    assert.deepEqual(deciding(result), ['pass']);
    assert.deepEqual(result.reused, { builds: 0, scans: 0, tests: 0 });
  }));

test('a build that the update breaks fails it, with its log kept', () =>
  inWorld(async (world) => {
    const broken = { ...after, 'app/Dockerfile': 'FROM broken:1\nUSER 1000\n' };
    const result = await world.verify(before, broken, { tests: [{ run: 'true', in: 'image', timeoutMs: 1000 }] });
    assert.deepEqual(deciding(result), [
      'fail',
      'fail app/Dockerfile: built before the update, and does not build after it: cannot build app/Dockerfile: step 2 ended with 1',
    ]);
    const logs = readdirSync(join(result.evidence, 'builds')).filter((name) => name.endsWith('-after.log'));
    assert.deepEqual(
      logs.map((name) => readFileSync(join(result.evidence, 'builds', name), 'utf8').split('\n')[0]),
      ['npm ERR!'],
    );
    assert.deepEqual(world.builder.commands, []);
  }));

for (const [fact, exits, expected] of [
  [
    'red after and green before',
    (text: string) => (text === fresh ? 1 : 0),
    /^fail\nfail app\/Dockerfile: "check" was green/,
  ],
  ['red before too', () => 1, /^hold\nhold app\/Dockerfile: "check" is red; it was red before the update too$/],
  ['red once', (text: string, nth: number) => (text === fresh && nth === 1 ? 1 : 0), /^hold\n.*"check" is flaky/],
  [
    'without an end',
    (text: string) => (text === fresh ? undefined : 0),
    /^fail\n.*did not end within its time after it$/,
  ],
] as const) {
  test(`a test in the image that is ${fact}`, () =>
    inWorld(async (world) => {
      world.builder.exits = (_, text, nth) => exits(text, nth);
      const result = await world.verify(before, after, { tests: [{ run: 'check', in: 'image', timeoutMs: 1000 }] });
      assert.match(deciding(result).join('\n'), expected);
      const [one] = result.tests;
      assert.match(readFileSync(join(result.evidence, one?.log ?? ''), 'utf8'), /^tested\n/);
    }));
}

test('without a scanner or a builder nothing passes, and both are said', () =>
  inWorld(async (world) => {
    world.scanner = 'no trivy on PATH';
    world.builder.refusal = new BuilderError('missing', 'there is no buildah on PATH; install it', '');
    const result = await world.verify(before, after, { tests: [{ run: 'npm test', in: 'host', timeoutMs: 1000 }] });
    assert.equal(result.gate.decision, 'hold');
    assert.deepEqual([result.builder, result.scanner], [null, null]);
    assert.deepEqual(result.leftOut, [
      'nothing was built, scanned or tested in an image: there is no buildah on PATH; install it',
      'nothing was scanned: no trivy on PATH',
    ]);
    assert.equal(result.tests[0]?.after.kind, 'green');
  }));

test('a database that is too old proves nothing', () =>
  inWorld(async (world) => {
    world.memoryScanner.description = { ...world.memoryScanner.description, databaseAt: time - 72 * 3_600_000 };
    const result = await world.verify(before, after);
    assert.match(
      deciding(result).join('\n'),
      /^hold\nhold .*too old to prove anything: its database was built 2026-11-22T12/,
    );
  }));

test('the base decides what is taken out of the findings, not the change', () =>
  inWorld(async (world) => {
    world.memoryScanner.advisories = [{ id: 'CVE-1', severity: 'critical', package: 'zlib', fixedVersion: '2' }];
    const ignored = { '.trivyignore': 'CVE-1\n' };
    assert.equal((await world.verify(before, { ...after, ...ignored })).gate.decision, 'fail');
    const result = await world.verify({ ...before, ...ignored }, after);
    assert.equal(result.gate.decision, 'pass');
    const [image] = result.images;
    assert.ok(image?.after.scan.kind === 'scanned');
    assert.deepEqual(
      image.after.scan.suppressed.map(({ id, source }) => [id, source]),
      [['CVE-1', '.trivyignore:1']],
    );
  }));

test('a build is made as Compose defines it, and two names of one build are made once', () =>
  inWorld(async (world) => {
    const service = (name: string) =>
      `  ${name}:\n    image: acme/${name}\n    build: { context: ., dockerfile: app/Dockerfile, target: run, args: { MODE: fast } }\n`;
    const compose = { 'compose.yaml': `services:\n${service('web')}${service('worker')}` };
    const staged = (base: string) => `FROM ${base} AS build\nFROM ${base} AS run\nUSER 1000\nFROM run AS last\n`;
    const result = await world.verify(
      { 'app/Dockerfile': staged('node:22-slim'), ...compose },
      { 'app/Dockerfile': staged('node:24-slim'), ...compose },
    );
    assert.deepEqual(
      result.images.map(({ name, target }) => [name, target]),
      [
        ['acme/web', 'run'],
        ['acme/worker', 'run'],
      ],
    );
    assert.equal(world.builder.requests.length, 2);
    const [request] = world.builder.requests;
    assert.deepEqual(
      [request?.context, request?.dockerfile, request?.target, request?.args],
      [join(world.folder, 'after'), join(world.folder, 'after', 'app/Dockerfile'), 'run', { MODE: 'fast' }],
    );
  }));

test('a Dockerfile that a document carries is built from its text', () =>
  inWorld(async (world) => {
    const compose = (base: string) =>
      `services:\n  web:\n    build:\n      context: app\n      dockerfile_inline: |\n        FROM ${base}\n        USER 1000\n`;
    await world.verify({ 'compose.yaml': compose('node:22-slim') }, { 'compose.yaml': compose('node:24-slim') });
    assert.deepEqual(
      world.builder.requests.map(({ dockerfile, context }) => [readFileSync(dockerfile, 'utf8'), context]),
      [
        [fresh, join(world.folder, 'after', 'app')],
        [old, join(world.folder, 'before', 'app')],
      ],
    );
  }));

test('what cannot be built by itself, and what is only run, holds the update by name', () =>
  inWorld(async (world) => {
    const compose = (tag: string) =>
      `services:\n  db: { image: "postgres:${tag}" }\n  base:\n    image: acme/base:1\n    build: base\n`;
    const tree = (tag: string, base: string) => ({
      'compose.yaml': compose(tag),
      'base/Dockerfile': dockerfile(base),
      'app/Dockerfile': dockerfile('acme/base:1'),
    });
    const result = await world.verify(tree('16', 'node:22-slim'), tree('17', 'node:24-slim'));
    assert.deepEqual(deciding(result), [
      'hold',
      'hold app/Dockerfile: it is built on docker.io/acme/base:1, which this tree builds itself',
      'hold compose.yaml: docker.io/library/postgres:17 is run as it is; only what this tree builds is verified',
    ]);
    assert.deepEqual(
      result.images.map(({ name }) => name),
      ['acme/base:1'],
    );
  }));

test('a change of other files is nothing to verify, and starts nothing', () =>
  inWorld(async (world) => {
    const tests = [{ run: 'npm test', in: 'host', timeoutMs: 1000 }] as const;
    const result = await world.verify(before, { ...before, 'app/server.js': 'run()' }, { tests });
    assert.deepEqual(deciding(result), ['pass']);
    assert.deepEqual([world.builder.requests, world.hostRuns, world.memoryScanner.calls], [[], [], []]);
  }));

test('a new breach of a multi-stage rule fails the update', () =>
  inWorld(async (world) => {
    const debug = 'FROM gcr.io/distroless/nodejs24-debian12:debug\nUSER 1000\n';
    world.memoryScanner.images.set(digestOf(debug), { packages: { zlib: '1' }, system });
    const result = await world.verify(before, { ...after, 'app/Dockerfile': debug });
    assert.match(deciding(result).join('\n'), /^fail\nfail app\/Dockerfile: debug-image: /);
  }));

test('another release of the scanner looks at the images itself', () =>
  inWorld(async (world) => {
    await world.verify(before, after);
    world.memoryScanner.calls.length = 0;
    world.memoryScanner.description = { ...world.memoryScanner.description, version: '0.70.0' };
    const { reused, gate } = await world.verify(before, after);
    assert.deepEqual([reused.scans, gate.decision], [0, 'pass']);
    assert.deepEqual(
      world.memoryScanner.calls.map((call) => call.split(' ')[0]),
      ['describe', 'scan', 'scan'],
    );
  }));

test('a database that is renewed between the two scans holds the update', () =>
  inWorld(async (world) => {
    const scanner = world.memoryScanner;
    world.scanner = {
      describe: () => scanner.describe(),
      rematch: (inventory) => scanner.rematch(inventory),
      async scan(image) {
        const made = await scanner.scan(image);
        const hour = image.digest === digestOf(old) ? 1 : 2;
        return { ...made, scan: { ...made.scan, databaseAt: `2026-11-25T0${hour}:00:00.000Z` } };
      },
    };
    assert.deepEqual(deciding(await world.verify(before, after)), [
      'hold',
      'hold app/Dockerfile: old and new image were scanned with different databases (2026-11-25T01:00:00.000Z and 2026-11-25T02:00:00.000Z)',
    ]);
  }));

// No file gives it a value: CI may.
const ofMirror = (tag: string) => `ARG MIRROR\nFROM \${MIRROR}/node:${tag}\n`;
for (const [said, path, was, is, reason] of [
  [
    'a template',
    'Dockerfile.j2',
    '{% if a %}\nFROM node:22\n{% endif %}\n',
    '{% if a %}\nFROM node:24\n{% endif %}\n',
    'node:24 stands in a template, which nobody can build as it stands',
  ],
  [
    'a bake file in HCL',
    'docker-bake.hcl',
    'target "a" { args = { V = "22" } }\n',
    'target "a" { args = { V = "24" } }\n',
    'it changed, and bake files in HCL are not read; what they build is not known',
  ],
  [
    'a Compose file that cannot be read any more',
    'compose.yaml',
    'services: { a: { image: "node:22" } }\n',
    'services: { a: { image: "node:24"\n',
    /^it cannot be read wholly: /,
  ],
  [
    'a Dockerfile that is too large to be read',
    'Dockerfile',
    'FROM node:22\n',
    `FROM node:24\n#${'x'.repeat(5_000_000)}\n`,
    /^it cannot be read wholly: /,
  ],
] as const)
  test(`a change that nobody looked into holds the update: ${said}`, () =>
    inWorld(async (world) => {
      const { gate } = await world.verify({ [path]: was }, { [path]: is });
      const found = gate.reasons.find(({ outcome, image }) => outcome === 'hold' && image === path);
      assert.equal(gate.decision, 'hold', JSON.stringify(gate));
      if (typeof reason === 'string') assert.equal(found?.text, reason);
      else assert.match(found?.text ?? '', reason);
    }));

test('an image whose name is not wholly known here is built, at every run', () =>
  inWorld(async (world) => {
    const [was, is] = [{ Dockerfile: ofMirror('22') }, { Dockerfile: ofMirror('24') }];
    const first = await world.verify(was, is);
    assert.deepEqual(
      first.images.map(({ name }) => name),
      ['Dockerfile'],
    );
    assert.equal((await world.verify(was, is)).reused.builds, 0);
  }));

for (const [path, write] of [
  ['.devcontainer/devcontainer.json', (image: string) => JSON.stringify({ image })],
  ['.gitlab-ci.yml', (image: string) => `build:\n  image: ${image}\n  script: [make]\n`],
  [
    '.github/workflows/ci.yml',
    (image: string) => `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container: ${image}\n    steps: []\n`,
  ],
  [
    'k8s/deploy.yaml',
    (image: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: a, image: ${image}}\n`,
  ],
] as const)
  test(`an image that is only run holds the update: ${path}`, () =>
    inWorld(async (world) => {
      const { gate } = await world.verify({ [path]: write('node:22') }, { [path]: write('node:24') });
      assert.equal(gate.decision, 'hold', JSON.stringify(gate));
    }));
