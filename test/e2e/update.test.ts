// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of Dockerfiles
import assert from 'node:assert/strict';
import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { UpdateResult } from '../../src/flows/update/update-result.ts';
import { basekeeper, makeTree, type Run, run, today } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';

const platforms = ['linux/amd64', 'linux/arm64/v8'];
const alpine = ['3.24', '3.24.0', '3.24.1', '3.25.0', '4.0.0_rc1'];

type World = Monitored & {
  readonly update: (...args: readonly string[]) => Promise<Run>;
  readonly text: (path: string) => Promise<string>;
};

/** The real command on a tree whose Docker Hub is a registry of ours. */
async function updating(files: Readonly<Record<string, string>>, use: (world: World) => Promise<void>): Promise<void> {
  const world = await startMonitored(files);
  const { path, env, hub } = world;
  hub.content.pushTags({ repository: 'library/alpine', platforms }, alpine);
  const fixed = ['--policy', `${path}/policy.yaml`, '--now', today];
  try {
    await use({
      ...world,
      update: (...args) => basekeeper(['update', `${path}/tree`, ...fixed, ...args], { cwd: path, env }),
      text: (name) => readFile(join(path, 'tree', name), 'utf8'),
    });
  } finally {
    await world.close();
  }
}

const everywhere: Readonly<Record<string, readonly [before: string, after: string]>> = {
  Dockerfile: [
    '# syntax=docker/dockerfile:1\r\nARG V="3.24.0" # alpine:3.24.0\r\nFROM alpine:${V} AS a\r\nCOPY --from=alpine:3.24.0 /a /b\r\nRUN --mount=from=alpine:3.24.0,target=/x true\r\nRUN <<E\r\nFROM alpine:3.24.0\r\nE\r\n',
    '# syntax=docker/dockerfile:1\r\nARG V="3.24.1" # alpine:3.24.0\r\nFROM alpine:${V} AS a\r\nCOPY --from=alpine:3.24.1 /a /b\r\nRUN --mount=from=alpine:3.24.1,target=/x true\r\nRUN <<E\r\nFROM alpine:3.24.0\r\nE\r\n',
  ],
  'compose.yaml': [
    'services:\n  a:\n    image: "alpine:3.24.0"   # alpine:3.24.0\n  b: { image: alpine:3.24.0 }\n',
    'services:\n  a:\n    image: "alpine:3.24.1"   # alpine:3.24.0\n  b: { image: alpine:3.24.1 }\n',
  ],
  '.github/workflows/ci.yml': [
    'on: push\njobs:\n  a:\n    runs-on: x\n    container: alpine:3.24.0\n    steps:\n      - uses: docker://alpine:3.24.0\n',
    'on: push\njobs:\n  a:\n    runs-on: x\n    container: alpine:3.24.1\n    steps:\n      - uses: docker://alpine:3.24.1\n',
  ],
  '.gitlab-ci.yml': ['image: alpine:3.24.0\nx:\n  script: [ls]\n', 'image: alpine:3.24.1\nx:\n  script: [ls]\n'],
  '.devcontainer/devcontainer.json': [
    '{\n  // alpine:3.24.0\n  "image": "alpine:3.24.0"\n}\n',
    '{\n  // alpine:3.24.0\n  "image": "alpine:3.24.1"\n}\n',
  ],
  'docker-bake.json': [
    '{"target": {"a": {"contexts": {"base": "docker-image://alpine:3.24.0"}}}}\n',
    '{"target": {"a": {"contexts": {"base": "docker-image://alpine:3.24.1"}}}}\n',
  ],
  'chart/values.yaml': [
    'a:\n  image: { registry: docker.io, repository: library/alpine, tag: 3.24.0 }\n  b:\n    - image:\n        repository: alpine # tag: 3.24.0\n        tag: "3.24.0"\nc: { image: "alpine:3.24.0" }\nd: { tag: 3.24.0 }\n',
    'a:\n  image: { registry: docker.io, repository: library/alpine, tag: 3.24.1 }\n  b:\n    - image:\n        repository: alpine # tag: 3.24.0\n        tag: "3.24.1"\nc: { image: "alpine:3.24.1" }\nd: { tag: 3.24.0 }\n',
  ],
  // Of no chart.
  'values.yaml': ['image: { repository: alpine, tag: 3.24.0 }\n', 'image: { repository: alpine, tag: 3.24.0 }\n'],
  'chart/Chart.yaml': ['apiVersion: v2\nname: a\nversion: 1.0.0\n', 'apiVersion: v2\nname: a\nversion: 1.0.0\n'],
  'k8s/pod.yaml': [
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n      image: alpine:3.24.0\n',
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n      image: alpine:3.24.1\n',
  ],
};

test('every kind of file is moved to the new tag, and not a character beside it', () =>
  updating(Object.fromEntries(Object.entries(everywhere).map(([name, [before]]) => [name, before])), async (world) => {
    world.hub.content.pushTags({ repository: 'docker/dockerfile', platforms }, ['1']);
    const { code, stdout, stderr } = await world.update('--write');
    assert.equal(code, 0, stdout + stderr);
    for (const [name, [, after]] of Object.entries(everywhere)) assert.equal(await world.text(name), after, name);
    const again = await world.update('--write');
    assert.match(again.stdout, /Nothing to update/);
  }));

test('a tag that Helm would shorten as a number is not written', () =>
  updating(
    { 'Chart.yaml': 'name: a\n', 'values.yaml': 'image:\n  repository: nginx\n  tag: 1.29\n' },
    async ({ update, text, hub }) => {
      hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.29', '1.30']);
      const { stdout } = await update('--lane', 'minor', '--write');
      assert.match(stdout, /1\.30 is a number to Helm, which makes 1\.3\s+of it: put it in quotes/);
      assert.equal(await text('values.yaml'), 'image:\n  repository: nginx\n  tag: 1.29\n');
    },
  ));

test('without --write nothing is written, and the output says how', () =>
  updating({ Dockerfile: 'FROM alpine:3.24.0\n' }, async ({ update, text, path }) => {
    const { code, stdout } = await update();
    assert.equal(code, 0);
    assert.match(stdout, /alpine {2}3\.24\.0 → 3\.24\.1 {2}\[patch\]/);
    assert.match(stdout, / {2}Dockerfile:1 {2}alpine:3\.24\.0 {2}→ {2}alpine:3\.24\.1/);
    assert.match(stdout, new RegExp(`basekeeper update ${path}/tree --policy \\S+ --now ${today} --write`));
    assert.match(stdout, /Not taken, unless you ask for it:\n {2}alpine:3\.24\.0 {2}→ {2}3\.25\.0 {2}--lane minor/);
    assert.equal(await text('Dockerfile'), 'FROM alpine:3.24.0\n');
  }));

test('--diff prints what git applies', () =>
  updating({ Dockerfile: 'FROM alpine:3.24.0\r\n# end', 'a b/Dockerfile': 'FROM alpine:3.24.0\n' }, async (world) => {
    const { stdout } = await world.update('--diff');
    const { path: patch, remove } = await makeTree({ 'x.diff': stdout });
    try {
      const cwd = join(world.path, 'tree');
      const applied = await run('git', ['apply', '-p2', `${patch}/x.diff`], { cwd });
      assert.equal(applied.code, 0, applied.stderr + stdout);
      assert.equal(await world.text('Dockerfile'), 'FROM alpine:3.24.1\r\n# end');
      assert.equal(await world.text('a b/Dockerfile'), 'FROM alpine:3.24.1\n');
    } finally {
      await remove();
    }
  }));

test('--diff of a folder that lies elsewhere applies within it', async () => {
  const { path, remove } = await makeTree({ 'tree/a/Dockerfile': 'FROM node:20-alpine\n', 'here/x': '' });
  try {
    const args = ['update', '../tree', '--fix', '--diff', '--now', today];
    const { stdout } = await basekeeper(args, { cwd: `${path}/here` });
    await writeFile(`${path}/x.diff`, stdout);
    const applied = await run('git', ['apply', '../x.diff'], { cwd: `${path}/tree` });
    assert.equal(applied.code, 0, applied.stderr + stdout);
    assert.match(await readFile(`${path}/tree/a/Dockerfile`, 'utf8'), /^FROM node:26-alpine/);
  } finally {
    await remove();
  }
});

test('--lane goes farther than the policy, and never to a prerelease', () =>
  updating({ Dockerfile: 'FROM alpine:3.24.0\n' }, async ({ update, text }) => {
    await update('--lane', 'patch,minor', '--write');
    assert.equal(await text('Dockerfile'), 'FROM alpine:3.25.0\n');
    const wrong = await update('--lane', 'huge');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /"huge" is no lane: use digest, patch/);
  }));

test('--image leaves other images alone', () =>
  updating({ Dockerfile: 'FROM alpine:3.24.0 AS a\nFROM nginx:1.28.0\n' }, async ({ update, text, hub }) => {
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    await update('--image', 'nginx', '--write');
    assert.equal(await text('Dockerfile'), 'FROM alpine:3.24.0 AS a\nFROM nginx:1.28.1\n');
    assert.ok(hub.log.lines().every((line) => !line.includes('alpine')));
  }));

test('--pin writes digests, and a moved tag refreshes them', () =>
  updating({ Dockerfile: 'FROM alpine:3.24\n' }, async ({ update, text, hub }) => {
    await update('--pin', '--write');
    const pinned = await text('Dockerfile');
    assert.match(pinned, /^FROM alpine:3\.24@sha256:[0-9a-f]{64}\n$/);
    assert.match((await update('--write')).stdout, /Nothing to update/);
    const { digest } = hub.content.push({ repository: 'library/alpine', tag: '3.24', platforms, build: 'rebuilt' });
    const { stdout } = await update('--write');
    assert.match(stdout, /was rebuilt and stands for another digest/);
    assert.equal(await text('Dockerfile'), `FROM alpine:3.24@${digest}\n`);
  }));

test('a pinned image of one platform stays one of that platform', () =>
  updating({ Dockerfile: '' }, async ({ update, text, hub, path }) => {
    const before = hub.content.push({ repository: 'library/alpine', tag: '3.24.0', platforms, build: 'one' });
    const after = hub.content.push({ repository: 'library/alpine', tag: '3.24.1', platforms, build: 'two' });
    await writeFile(
      join(path, 'tree', 'Dockerfile'),
      `FROM alpine:3.24.0@${before.children.get('linux/arm64/v8')?.digest}\n`,
    );
    await update('--write');
    assert.equal(await text('Dockerfile'), `FROM alpine:3.24.1@${after.children.get('linux/arm64/v8')?.digest}\n`);
  }));

test('a tag that is not published for a platform in use is refused with the reason', () =>
  updating({ Dockerfile: 'FROM --platform=linux/arm64 alpine:3.24.0\n' }, async ({ update, text, hub }) => {
    hub.content.push({ repository: 'library/alpine', tag: '3.25.0', platforms: ['linux/amd64'] });
    const { stdout } = await update('--lane', 'minor', '--write');
    assert.match(stdout, /Left as they are:[\s\S]*alpine:3\.25\.0 lacks linux\/arm64/);
    assert.equal(await text('Dockerfile'), 'FROM --platform=linux/arm64 alpine:3.24.0\n');
  }));

test('one argument for two images: refused with a ready line where one of them has no such tag', () =>
  updating(
    { Dockerfile: 'ARG V=3.24.0\nFROM alpine:$V AS a\nFROM golang:1.26-alpine$V\n' },
    async ({ update, text, hub }) => {
      hub.content.pushTags({ repository: 'library/golang', platforms }, ['1.26-alpine3.24.0']);
      const { stdout } = await update('--write', '--image', 'alpine');
      assert.match(stdout, /line 1 also spells the image of line 3/);
      assert.match(stdout, /write by hand, line 2: FROM alpine:3\.24\.1 AS a/);
      assert.equal(await text('Dockerfile'), 'ARG V=3.24.0\nFROM alpine:$V AS a\nFROM golang:1.26-alpine$V\n');
      hub.content.pushTags({ repository: 'library/golang', platforms }, ['1.26-alpine3.24.1']);
      await update('--write', '--image', 'alpine');
      assert.equal(await text('Dockerfile'), 'ARG V=3.24.1\nFROM alpine:$V AS a\nFROM golang:1.26-alpine$V\n');
    },
  ));

test('a repository that does not answer is told, ends with 3, and the rest is done', () =>
  updating({ Dockerfile: 'FROM alpine:3.24.0 AS a\nFROM nginx:1.28.0\n' }, async ({ update, text, hub }) => {
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    hub.fail({
      repository: 'library/nginx',
      fault: { kind: 'status', status: 500 },
    });
    const { code, stdout } = await update('--write');
    assert.equal(code, 3, stdout);
    assert.match(stdout, /Could not be done:\n {2}nginx:1\.28\.0/);
    assert.match(stdout, /could not be asked for/);
    assert.equal(await text('Dockerfile'), 'FROM alpine:3.24.1 AS a\nFROM nginx:1.28.0\n');
  }));

test('the mode of a file and a link to it stay', () =>
  updating({ 'build/main.docker': 'FROM alpine:3.24.0\n' }, async ({ update, path, text }) => {
    await symlink('build/main.docker', join(path, 'tree', 'Dockerfile'));
    await chmod(join(path, 'tree', 'build', 'main.docker'), 0o751);
    const { stdout } = await update('--write');
    assert.equal(await text('build/main.docker'), 'FROM alpine:3.24.1\n', stdout);
    assert.equal((await stat(join(path, 'tree', 'build', 'main.docker'))).mode & 0o777, 0o751);
    assert.equal(await text('Dockerfile'), 'FROM alpine:3.24.1\n');
  }));

test('a link out of the tree is not written through', () =>
  updating({ Dockerfile: 'FROM alpine:3.24.0\n' }, async ({ update, path }) => {
    const { path: outside, remove } = await makeTree({ secret: 'FROM alpine:3.24.0\n' });
    try {
      await symlink(join(outside, 'secret'), join(path, 'tree', 'Dockerfile.x'));
      await update('--write');
      assert.equal(await readFile(join(outside, 'secret'), 'utf8'), 'FROM alpine:3.24.0\n');
    } finally {
      await remove();
    }
  }));

test('--json tells steps, changes and what was left', () =>
  updating({ Dockerfile: 'FROM alpine:3.24.0\n' }, async ({ update }) => {
    const result = JSON.parse((await update('--json')).stdout) as UpdateResult;
    const [tree] = result.trees;
    assert.equal(result.isWritten, false);
    assert.deepEqual(
      tree?.steps.map(({ lane, image, uses }) => [
        lane,
        image,
        uses.map(({ path, line, after }) => [path, line, after]),
      ]),
      [['patch', 'docker.io/library/alpine', [['Dockerfile', 1, 'alpine:3.24.1']]]],
    );
    assert.deepEqual(
      tree?.changes.map(({ after, written }) => [after, written]),
      [['FROM alpine:3.24.1\n', false]],
    );
  }));

test('check ends with the command that writes what it says, and --fix writes those very lines', () =>
  updating({ Dockerfile: 'ARG V=20\nFROM node:${V}-alpine AS b\nFROM node:${V}-alpine\nUSER 1\n' }, async (world) => {
    const fixed = [`${world.path}/tree`, '--policy', `${world.path}/policy.yaml`, '--now', today];
    const checked = await basekeeper(['check', ...fixed], { cwd: world.path, env: world.env });
    const command = /Write what can be written: {2}basekeeper (.*)\n$/.exec(checked.stdout)?.[1] ?? '';
    assert.match(command, /--fix --write$/);
    const line = /write instead, line 1: (.*)/.exec(checked.stdout)?.[1];
    const fixing = await basekeeper(command.split(' '), { cwd: world.path, env: world.env });
    assert.equal(fixing.code, 0, fixing.stdout + fixing.stderr);
    assert.equal((await world.text('Dockerfile')).split('\n')[0], line);
    assert.deepEqual(world.hub.log.lines(), []);
    const after = await basekeeper(['check', ...fixed], { cwd: world.path, env: world.env });
    assert.doesNotMatch(after.stdout, /Write what can be written/);
  }));

test('a file with more images than are changed at once is left, and others are changed', () =>
  updating(
    { Dockerfile: 'FROM alpine:3.24.0\n', 'many/Dockerfile': 'FROM alpine:3.24.0\n'.repeat(2001) },
    async ({ update, text }) => {
      const { code, stdout } = await update('--write');
      assert.equal(code, 0);
      assert.match(stdout, /its file has more than 2000 such places: split it/);
      assert.equal(await text('Dockerfile'), 'FROM alpine:3.24.1\n');
      assert.doesNotMatch(await text('many/Dockerfile'), /3\.24\.1/);
    },
  ));

for (const [what, text, args, said] of [
  [
    'an image that --image does not find',
    'FROM alpine:3.24.0\n',
    ['--image', 'redis'],
    /^No image that --image names is in 1 file\.\n$/,
  ],
  [
    'an image that --fix does not find',
    'FROM alpine:3.24.0\n',
    ['--fix', '--image', 'redis'],
    /^No image that --image names/,
  ],
  [
    'what has no line to be written instead',
    'FROM someone/base:2.3\n',
    ['--fix'],
    /^Nothing that check would write instead: 1 image in 1 file\.\n$/,
  ],
  [
    'a step that is left',
    'ARG V=3.24.0.5\nFROM alpine:${V%.*}\n',
    ['--image', 'alpine'],
    /\nNothing can be written: 1 image in 1 file, 1 place left as it is\.\n$/,
  ],
  [
    'an argument without a value',
    'ARG V\nFROM alpine:${V}\n',
    [],
    /^Nobody can tell what these name:\n {2}Dockerfile:2 {2}alpine:\$\{V\}: no value for V; pass --build-arg NAME=VALUE\n/,
  ],
] as const)
  test(`nothing to update, and why: ${what}`, () =>
    updating({ Dockerfile: text }, async ({ update }) => {
      const { code, stdout, stderr } = await update(...args);
      assert.equal(code, 0, stderr);
      assert.match(stdout, said);
    }));

test('--image takes the name of a mirror as the file writes it', () =>
  updating({ Dockerfile: 'FROM mirror.acme.io/hub/library/alpine:3.24.0\nFROM nginx:1.28.0\n' }, async (world) => {
    const policy = join(world.path, 'policy.yaml');
    await writeFile(policy, `${await readFile(policy, 'utf8')}aliases:\n  mirror.acme.io/hub: docker.io\n`);
    await world.update('--image', 'mirror.acme.io/hub/library/alpine', '--write');
    assert.match(
      await world.text('Dockerfile'),
      /^FROM mirror\.acme\.io\/hub\/library\/alpine:3\.24\.1\nFROM nginx:1\.28\.0\n$/,
    );
  }));
