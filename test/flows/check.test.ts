import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaches, judge, judgeDockerfile } from './judged.ts';

const policyExample = `# Stage 1: Build
FROM node:20-alpine AS builder
WORKDIR /app
COPY . .
RUN npm ci && npm run build

# Stage 2: Production (minimal image)
FROM gcr.io/distroless/nodejs20-debian12
COPY --from=builder /app/dist /app
CMD ["app/server.js"]
`;

test("the policy's own example of 5.2.4: on 2026-11-23 its Node 20 warns in the builder and fails in what ships", async () => {
  const [builder, shipped] = await judgeDockerfile(policyExample);
  assert.deepEqual(
    [builder?.reference, builder?.role, builder?.stage, builder?.category, builder?.verdict],
    ['docker.io/library/node:20-alpine', 'build', 'builder', 'restricted', 'warn'],
  );
  assert.ok(breaches(builder).includes('end-of-life warn'));
  assert.deepEqual(
    [shipped?.reference, shipped?.role, shipped?.category, shipped?.verdict],
    ['gcr.io/distroless/nodejs20-debian12:latest', 'final', 'preferred', 'fail'],
  );
  assert.ok(breaches(shipped).includes('end-of-life fail'));
  assert.deepEqual(builder?.instead, [{ line: 2, text: 'FROM node:26-alpine AS builder' }]);
  assert.deepEqual(shipped?.instead, [{ line: 8, text: 'FROM gcr.io/distroless/nodejs26-debian13:nonroot' }]);
});

test('in the same example nothing had ended while Node 20 was supported', async () => {
  const uses = await judgeDockerfile(policyExample, { now: '2024-06-01T00:00:00Z' });
  assert.equal(uses.length, 2);
  assert.ok(uses.every((use) => !breaches(use).some((breach) => breach.startsWith('end-of-life'))));
});

test('the line to write goes into the ARG default that spells the version', async () => {
  const [use] = await judgeDockerfile('ARG NODE=20\nFROM node:${NODE}-alpine\nUSER node\n');
  assert.deepEqual(use?.instead, [{ line: 1, text: 'ARG NODE=26' }]);
});

test('the written form of a mirror is kept', async () => {
  const [use] = await judgeDockerfile('FROM mirror.gcr.io/library/node:20-alpine\nUSER node\n');
  assert.deepEqual(use?.instead, [{ line: 1, text: 'FROM mirror.gcr.io/library/node:26-alpine' }]);
});

test('no line is offered where a build argument from outside spells the version', async () => {
  const [use] = await judgeDockerfile('ARG NODE\nFROM node:${NODE}-alpine\nUSER node\n', { buildArgs: { NODE: '20' } });
  assert.equal(use?.reference, 'docker.io/library/node:20-alpine');
  assert.equal(use?.instead, undefined);
});

test('a missing build argument is unknown, and named', async () => {
  const [use] = await judgeDockerfile('ARG TAG\nFROM alpine:$TAG\nUSER 1\n');
  assert.deepEqual([use?.reference, use?.missing, use?.verdict, use?.category], [null, ['TAG'], 'unknown', null]);
});

test('an undeclared argument is unknown, and an error of the file', async () => {
  const result = await judge({ Dockerfile: 'FROM alpine AS a\nARG V=12\nFROM debian:${V}\n' });
  const [file] = result.files;
  assert.equal(file?.problems.filter(({ severity }) => severity === 'error').length, 1);
  assert.equal(file?.uses[1]?.reference, null);
});

test('an image of the same tree takes the category of its base, and names the chain', async () => {
  const result = await judge({
    'compose.yaml':
      'services:\n  base:\n    build: ./base\n    image: registry.example.com/base:1\n  app:\n    build: ./app\n',
    'base/Dockerfile': 'FROM debian:13-slim\nUSER 1\n',
    'app/Dockerfile': 'FROM registry.example.com/base:1\nUSER 1\n',
  });
  const use = result.files.find(({ path }) => path === 'app/Dockerfile')?.uses[0];
  assert.equal(use?.category, 'permitted');
  assert.deepEqual(use?.evidence?.chain, ['registry.example.com/base:1', 'docker.io/library/debian:13-slim']);
});

test('images that build on each other in a circle are not internal', async () => {
  const result = await judge({
    'compose.yaml':
      'services:\n  a:\n    build: ./a\n    image: example.com/a\n  b:\n    build: ./b\n    image: example.com/b\n',
    'a/Dockerfile': 'FROM example.com/b\n',
    'b/Dockerfile': 'FROM example.com/a\n',
  });
  const uses = result.files.flatMap((file) => file.uses);
  assert.deepEqual(
    uses.map(({ category }) => category),
    ['prohibited', 'prohibited'],
  );
});

test('a compose service cannot make the name of an official image its own', async () => {
  const result = await judge({
    'compose.yaml': 'services:\n  a:\n    build: ./a\n    image: node\n',
    'a/Dockerfile': 'FROM scratch\n',
    Dockerfile: 'FROM node:16\n',
  });
  assert.equal(result.files.find(({ path }) => path === 'Dockerfile')?.uses[0]?.category, 'restricted');
});

test('the arguments of compose answer those of the Dockerfile', async () => {
  const result = await judge({
    'compose.yaml': 'services:\n  a:\n    build:\n      context: .\n      args: { TAG: "3.24" }\n',
    Dockerfile: 'ARG TAG\nFROM alpine:$TAG\nUSER 1\n',
  });
  const uses = result.files.find(({ path }) => path === 'Dockerfile')?.uses.map(({ reference }) => reference);
  assert.deepEqual(uses, ['docker.io/library/alpine:3.24']);
});

test('two builds with different arguments give both images', async () => {
  const result = await judge({
    'compose.yaml':
      'services:\n  a:\n    build: { context: ., args: { TAG: "3.24" } }\n  b:\n    build: { context: ., args: { TAG: "3.10" } }\n',
    Dockerfile: 'ARG TAG\nFROM alpine:$TAG\nUSER 1\n',
  });
  const uses = result.files.find(({ path }) => path === 'Dockerfile')?.uses.map(({ reference }) => reference);
  assert.deepEqual(uses?.toSorted(), ['docker.io/library/alpine:3.10', 'docker.io/library/alpine:3.24']);
});

test('what is only deployed or run in CI is listed, not judged, unless the policy asks', async () => {
  const files = {
    'compose.yaml': 'services:\n  db:\n    image: postgres:9\n',
    '.github/workflows/ci.yml': 'on: push\njobs:\n  t:\n    runs-on: x\n    container: node:16\n    steps: []\n',
  };
  const result = await judge(files);
  const uses = result.files.flatMap((file) => file.uses);
  assert.deepEqual(
    uses.map(({ role, verdict, category }) => [role, verdict, category]),
    [
      ['ci', null, 'restricted'],
      ['deployed', null, 'restricted'],
    ],
  );
  const asked = await judge(files, { policy: 'version: 1\njudge: { ci: true, deployed: true }\n' });
  assert.deepEqual(
    asked.files.flatMap((file) => file.uses).map(({ verdict }) => verdict),
    ['warn', 'fail'],
  );
});

const waive = (fields: string) =>
  `version: 1\nwaivers:\n  - { id: W-1, image: "docker.io/library/node:16*", rule: [end-of-life, unmaintained-tag], reason: certified, owner: team, ${fields} }\n`;
const old = 'FROM node:16-alpine\nUSER node\n';

test('a waiver covers its rules until its last day, and stays visible', async () => {
  const [use] = await judgeDockerfile(old, { policy: waive('expires: 2026-11-23') });
  assert.equal(use?.verdict, 'waived');
  assert.equal(use?.rules.find(({ rule }) => rule === 'end-of-life')?.waiver?.id, 'W-1');
});

test('an expired waiver covers nothing and is a finding', async () => {
  const result = await judge({ Dockerfile: old }, { policy: waive('expires: 2026-11-22') });
  assert.equal(result.files[0]?.uses[0]?.verdict, 'fail');
  assert.deepEqual(
    result.policyFindings.map(({ rule }) => rule),
    ['expired-waiver'],
  );
});

test('a waiver for another path is unused, and that is a finding', async () => {
  const result = await judge({ Dockerfile: old }, { policy: waive('path: "legacy/**", expires: 2026-12-31') });
  assert.equal(result.files[0]?.uses[0]?.verdict, 'fail');
  assert.deepEqual(
    result.policyFindings.map(({ rule }) => rule),
    ['unused-waiver'],
  );
});

test('a partial run does not call waivers unused', async () => {
  const result = await judge(
    { Dockerfile: old, other: '' },
    { policy: waive('path: "legacy/**", expires: 2026-12-31'), only: ['Dockerfile'] },
  );
  assert.deepEqual(result.policyFindings, []);
});

test('a comment above the instruction ignores a rule until its date', async () => {
  const comment = '# basekeeper: ignore=end-of-life,unmaintained-tag until=2026-12-31 -- certified SDK';
  const [use] = await judgeDockerfile(`${comment}\n${old}`);
  assert.deepEqual([use?.verdict, use?.rules[0]?.waiver?.kind], ['waived', 'inline']);
});

for (const [name, comment, finding] of [
  ['expired', '# basekeeper: ignore=end-of-life until=2026-11-22 -- why', 'expired-ignore'],
  ['unused', '# basekeeper: ignore=smaller-variant until=2026-12-31 -- why', 'unused-ignore'],
] as const) {
  test(`an ignore that is ${name} is a finding`, async () => {
    const result = await judge({ Dockerfile: `${comment}\n${old}` });
    assert.deepEqual(
      result.policyFindings.map(({ rule, line }) => [rule, line]),
      [[finding, 1]],
    );
    assert.equal(result.files[0]?.uses[0]?.verdict, 'fail');
  });
}

for (const [name, comment, message] of [
  ['without a date', '# basekeeper: ignore=end-of-life -- why', /no end date/],
  ['without a reason', '# basekeeper: ignore=end-of-life until=2026-12-31', /no reason/],
  ['of an unknown rule', '# basekeeper: ignore=eol until=2026-12-31 -- why', /no rule "eol"/],
  ['that reaches too far', '# basekeeper: ignore=end-of-life until=2036-12-31 -- why', /more than 365 days/],
  [
    'of a prohibited image',
    '# basekeeper: ignore=prohibited until=2026-12-31 -- why',
    /needs a waiver with an approver/,
  ],
] as const) {
  test(`an ignore ${name} has no effect and says so`, async () => {
    const result = await judge({ Dockerfile: `${comment}\n${old}` });
    assert.match(result.files[0]?.problems[0]?.message ?? '', message);
    assert.equal(result.files[0]?.uses[0]?.verdict, 'fail');
  });
}

test('a baseline covers what it counts, and no more', async () => {
  const entry = { path: 'Dockerfile', image: 'docker.io/library/node', rule: 'end-of-life', count: 1 };
  const baseline = { since: '2026-10-01', entries: [entry, { ...entry, rule: 'unmaintained-tag' }] };
  const one = await judge({ Dockerfile: old }, { baseline });
  assert.equal(one.files[0]?.uses[0]?.verdict, 'waived');
  const two = await judge(
    { Dockerfile: `FROM node:16-alpine AS a\nFROM node:16-alpine\nCOPY --from=a /a /a\nUSER node\n` },
    { baseline },
  );
  assert.deepEqual(
    two.files[0]?.uses.map(({ verdict }) => verdict),
    ['waived', 'fail'],
  );
});

test('a baseline entry that covers nothing is a finding', async () => {
  const baseline = {
    since: '2026-10-01',
    entries: [{ path: 'gone/Dockerfile', image: 'docker.io/library/node', rule: 'end-of-life', count: 1 }],
  };
  const result = await judge({ Dockerfile: 'FROM alpine:3.24\nUSER 1\n' }, { baseline });
  assert.deepEqual(
    result.policyFindings.map(({ rule }) => rule),
    ['unused-baseline'],
  );
});

test('the summary counts every use once', async () => {
  const { summary } = await judge({ Dockerfile: policyExample, 'b/Dockerfile': 'FROM scratch\nUSER 1\n' });
  assert.equal(summary.uses, 3);
  assert.equal(
    Object.values(summary.byVerdict).reduce((sum, count) => sum + count, 0),
    3,
  );
  assert.equal(
    Object.values(summary.byCategory).reduce((sum, count) => sum + count, 0),
    3,
  );
});

test('a catalog older than 90 days is told', async () => {
  const { summary } = await judge({ Dockerfile: 'FROM scratch\n' }, { now: '2027-06-01T00:00:00Z' });
  assert.equal(summary.catalog.isStale, true);
});

for (const [name, text, expected] of [
  [
    'stages on one repository move together',
    'FROM python:3.12-slim AS build\nRUN pip install x\nFROM python:3.12-slim\nCOPY --from=build /a /a\nUSER 1\n',
    [[{ line: 1, text: 'FROM python:3.14-slim AS build' }], [{ line: 3, text: 'FROM python:3.14-slim' }]],
  ],
  [
    'an ARG is edited where all that it spells agree',
    'ARG V=20\nFROM node:${V}-alpine AS build\nFROM node:${V}-alpine\nCOPY --from=build /a /a\nUSER node\n',
    [[{ line: 1, text: 'ARG V=26' }], [{ line: 1, text: 'ARG V=26' }]],
  ],
  [
    'of two ways to edit an ARG the one that breaks the other image is not proposed',
    'ARG V=18\nFROM node:${V} AS build\nFROM node:${V}-slim\nCOPY --from=build /a /a\nUSER node\n',
    [undefined, [{ line: 1, text: 'ARG V=26' }]],
  ],
  [
    'an ARG that spells two products is not edited',
    'ARG V=3.12\nFROM python:${V}-slim AS build\nFROM alpine:${V}\nCOPY --from=build /a /a\nUSER 1\n',
    [undefined, undefined],
  ],
  [
    'an ARG that is used only in part is not edited',
    'ARG V=16.20.2\nFROM node:${V%%.*}-alpine\nUSER node\n',
    [undefined],
  ],
  [
    'a pinned digest goes with its tag',
    `FROM node:20-alpine@sha256:${'a'.repeat(64)}\nUSER node\n`,
    [[{ line: 1, text: 'FROM node:26-alpine' }]],
  ],
] as const) {
  test(`write instead: ${name}`, async () => {
    const uses = await judgeDockerfile(text);
    assert.deepEqual(
      uses.map(({ instead }) => instead),
      expected,
    );
  });
}

test('following the lines to write leaves nothing that fails or is unmaintained', async () => {
  for (const base of [
    'node:16',
    'python:3.8-slim',
    'debian:10',
    'ubuntu:18.04',
    'php:7.4-fpm',
    'golang:1.18',
    'nginx',
    'openjdk:11-jre-slim',
  ]) {
    const before = `ARG BASE=${base}\nFROM \${BASE}\nUSER 1\n`;
    const [use] = await judgeDockerfile(before);
    const lines = before.split('\n');
    for (const { line, text } of use?.instead ?? []) lines[line - 1] = text;
    const [after] = await judgeDockerfile(lines.join('\n'));
    assert.notEqual(lines.join('\n'), before, base);
    assert.notEqual(after?.verdict, 'fail', base);
    assert.ok(!breaches(after).includes('unmaintained-tag warn'), base);
  }
});

test('a template is named as such, and what its generator will mend is no error', async () => {
  const result = await judge({ 'Dockerfile.j2': '{% if x %}\nFROM node:{{ version }}-alpine\n{% endif %}\n' });
  const [file] = result.files;
  assert.equal(file?.kind, 'dockerfile-template');
  assert.equal(result.summary.problems.error, 0);
  assert.match(file?.problems[0]?.message ?? '', /template/);
});

test('a Dockerfile that is named after a language is judged, a program of that name is not', async () => {
  const result = await judge({
    'Dockerfile.go': 'FROM golang:1.27 AS b\nFROM scratch\nCOPY --from=b /a /a\n',
    'Dockerfile.py': 'from docker import client\n',
    'Dockerfile.js': 'export const x = 1;\n',
  });
  assert.deepEqual(
    result.files.map(({ path }) => path),
    ['Dockerfile.go'],
  );
});

test('an image of the tree takes the base of the very build that produces it', async () => {
  const build = (name: string, base: string) =>
    `  ${name}:\n    build: { context: ./base, args: { BASE: "${base}" } }\n    image: example.com/${name}:1\n`;
  const result = await judge({
    'compose.yaml': `services:\n${build('small', 'alpine:3.24')}${build('wide', 'debian:13-slim')}`,
    'base/Dockerfile': 'ARG BASE\nFROM $BASE\nUSER 1\n',
    'a/Dockerfile': 'FROM example.com/small:1\n',
    'b/Dockerfile': 'FROM example.com/wide:1\n',
  });
  const category = (path: string) => result.files.find((file) => file.path === path)?.uses[0]?.category;
  assert.deepEqual([category('a/Dockerfile'), category('b/Dockerfile')], ['preferred', 'permitted']);
});

test('what could not be read, or did not change, is told as not checked', async () => {
  const files = {
    'big.yaml': `# ${'x'.repeat(5 * 1024 * 1024)}\n`,
    'Dockerfile.go': `FROM a\0b\n`,
    'docker-bake.hcl': 'x',
    Dockerfile: 'FROM scratch\n',
  };
  const { notChecked } = (await judge(files)).summary;
  assert.ok(
    notChecked.some((clause) => clause.startsWith('1 bake file in HCL')),
    notChecked.join('\n'),
  );
  assert.ok(notChecked.includes('2 further files that might name images and could not be read'), notChecked.join('\n'));
  const partial = (await judge({ Dockerfile: 'FROM scratch\n', 'b/Dockerfile': 'FROM scratch\n' }, { only: [] }))
    .summary;
  assert.ok(partial.notChecked.includes('2 files that did not change'), partial.notChecked.join('\n'));
});
