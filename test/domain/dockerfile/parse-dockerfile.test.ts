// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of Dockerfiles
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DockerfileContext } from '../../../src/domain/dockerfile/dockerfile.ts';
import { codesOf, nameOf, read, usesOf } from './dockerfile-answers.ts';

type Row = readonly [file: string, uses: string, context?: Partial<DockerfileContext>];

const groups: Readonly<Record<string, readonly Row[]>> = {
  'a use has the role of what the target needs it for': [
    [
      'FROM golang AS a⏎FROM node AS unused⏎FROM alpine⏎COPY --from=a /a /b',
      'build golang:latest, unreachable node:latest, alpine:latest',
    ],
    ['FROM debian:12 AS base⏎FROM base AS app⏎FROM app', 'debian:12'],
    ['FROM a:1 AS x⏎FROM x AS y⏎FROM b:1⏎COPY --from=y /a /b', 'build a:1, b:1'],
    ['FROM a:1 AS x⏎FROM x⏎COPY --from=x /a /b', 'a:1'],
    ['FROM a:1⏎COPY --from=b:1 /a /b', 'a:1, copy b:1'],
    ['FROM a:1⏎RUN --mount=from=b:1,target=/x --mount=type=cache,from=c:1,target=/y ls', 'a:1, mount b:1, mount c:1'],
    ['FROM a:1 AS x⏎COPY --from=b:1 /a /b⏎FROM c:1', 'unreachable a:1, unreachable b:1, c:1'],
    ['# syntax=docker/dockerfile:1⏎FROM a:1', 'frontend docker.io/docker/dockerfile:1, a:1'],
    ['FROM a:1 AS x⏎FROM b:1 AS y', 'a:1, b:1', { targets: ['X'] }],
    ['FROM a:1 AS x⏎FROM b:1⏎RUN --mount=from=x,target=/x ls', 'build a:1, b:1'],
    ['FROM scratch⏎COPY --from=a:1 / /', 'scratch, copy a:1'],
    ['FROM a:1⏎COPY --from=scratch / /', 'a:1, copy scratch'],
  ],
  'the syntax line is read in all its forms': [
    ['#syntax = a/b:1⏎FROM a:1', 'frontend docker.io/a/b:1, a:1'],
    ['# Syntax=a/b:1 --flag⏎FROM a:1', 'frontend docker.io/a/b:1, a:1'],
    ['#!/usr/bin/env x⏎# syntax=a/b:1⏎FROM a:1', 'frontend docker.io/a/b:1, a:1'],
    ['# escape=`⏎# syntax=a/b:1⏎FROM a:1', 'frontend docker.io/a/b:1, a:1'],
    ['# other=x⏎# syntax=a/b:1⏎FROM a:1', 'a:1'],
    ['⏎# syntax=a/b:1⏎FROM a:1', 'a:1'],
    ['// syntax=a/b:1⏎anything', 'frontend docker.io/a/b:1'],
    ['{"syntax": "a/b:1", "x": [1]}', 'frontend docker.io/a/b:1'],
    ['FROM a:1', 'frontend docker.io/a/b:2, a:1', { buildArgs: { BUILDKIT_SYNTAX: 'a/b:2' } }],
    ['# syntax=a/b:1⏎FROM a:1', 'frontend docker.io/a/b:2, a:1', { buildArgs: { BUILDKIT_SYNTAX: 'a/b:2' } }],
  ],
  'build arguments answer what the file declares': [
    ['ARG V⏎FROM a:$V', 'a:2', { buildArgs: { V: '2' } }],
    ['ARG V=1⏎FROM a:$V', 'a:2', { buildArgs: { V: '2' } }],
    ['ARG V=1⏎FROM a:$V', 'a:x', { buildArgs: { V: 'x', W: 'y' } }],
    ['FROM a$V', 'a:latest', { buildArgs: { V: 'b' } }],
    ['ARG V⏎FROM a:$V', '?V'],
    ['ARG V⏎FROM $V', '?V'],
    ['ARG V=⏎FROM $V', '?V'],
    ['ARG A⏎ARG B⏎FROM $A:$B', '?A,B'],
    ['ARG A⏎ARG B=$A⏎FROM $B', '?A'],
    ['ARG V⏎FROM a:${V:?say}', '?V'],
    ['ARG V⏎FROM ${V:+a:1}', '?V'],
    ['ARG V=x⏎FROM ${V:+a:1}', 'a:1'],
    ['ARG V=x⏎FROM a:${V+1}${V:-$W}', 'a:1x'],
    ['ARG V=v1.2⏎FROM a:${V#v}', 'a:1.2'],
    ['ARG V=a/b/c:1⏎FROM ${V##*/}', 'c:1'],
    ['ARG V=a/b/c:1⏎FROM ${V#*/}', 'docker.io/b/c:1'],
    ['ARG V=a:1-x-y⏎FROM ${V%-*}', 'a:1-x'],
    ['ARG V=a:1-x-y⏎FROM ${V%%-*}', 'a:1'],
    ['ARG V=a:1-x-y⏎FROM ${V%-?}', 'a:1-x'],
    ['ARG V=1.2.3⏎FROM a:${V/./-}', 'a:1-2.3'],
    ['ARG V=1.2.3⏎FROM a:${V//./-}', 'a:1-2-3'],
    ['ARG V=1.2.3⏎FROM a:${V/.*/}', 'a:1'],
    ['ARG V=1⏎FROM a:${V/x/y}', 'a:1'],
    ['ARG T=alpine⏎ARG V=20⏎FROM node:${V}${T:+-$T}', 'node:20-alpine'],
    ['ARG "V=1"⏎FROM a', 'a:latest'],
    ['ARG V="1"⏎FROM a:$V', 'a:1'],
    ["ARG V='1'⏎FROM a:$V", 'a:1'],
    ['ARG V=1\\⏎.2⏎FROM a:$V', 'a:1.2'],
    ['arg V=1⏎from a:$V as x', 'a:1'],
    ['# escape=`⏎ARG V=1⏎FROM a:`\\⏎$V', '!'],
  ],
  'platform arguments are known without a declaration': [
    ['FROM a:$TARGETARCH', 'a:amd64'],
    ['FROM a:$TARGETARCH$TARGETVARIANT', 'a:armv7', { targetPlatform: 'linux/arm/v7' }],
    ['FROM a:$BUILDARCH', 'a:amd64', { targetPlatform: 'linux/arm64' }],
    ['FROM a:$TARGETOS-$TARGETSTAGE', 'a:linux-default'],
    ['FROM a:$BUILDOS', 'a:plan9', { buildArgs: { BUILDOS: 'plan9' } }],
  ],
  'a trigger is used where it fires': [
    ['FROM a:1 AS x⏎ONBUILD COPY --from=b:1 / /⏎FROM x⏎FROM x', 'a:1, unreachable b:1, copy b:1'],
    ['FROM a:1 AS x⏎ONBUILD COPY --from=b:1 / /⏎FROM x AS y⏎FROM y', 'a:1, copy b:1'],
    ['FROM a:1⏎ONBUILD COPY --from=b:1 / /', 'a:1'],
    ['FROM a:1 AS x⏎ONBUILD RUN --mount=from=b:1,target=/x ls⏎FROM x', 'a:1, mount b:1'],
  ],
  'named contexts stand in for stages and images': [
    ['FROM alpine', 'b:1', { namedContexts: { alpine: 'docker-image://b:1' } }],
    ['FROM alpine:latest', 'b:1', { namedContexts: { 'docker.io/library/alpine': 'docker-image://b:1' } }],
    ['FROM alpine:3', 'alpine:3', { namedContexts: { alpine: 'docker-image://b:1' } }],
    ['FROM a:1 AS x⏎COPY --from=c:1 / /⏎FROM b:1⏎COPY --from=x / /', 'b:1', { namedContexts: { x: './dir' } }],
    ['FROM a:1 AS x⏎COPY --from=c:1 / /⏎FROM x', 'd:1', { namedContexts: { x: 'docker-image://d:1' } }],
    ['FROM a:1⏎COPY --from=src / /', 'a:1', { namedContexts: { src: '../src' } }],
    ['FROM a:1⏎COPY --from=src / /', 'a:1, copy b:1', { namedContexts: { src: 'docker-image://b:1' } }],
  ],
  'words are read as the shell lexer does': [
    ['FROM --platform=linux/arm64 a:1', 'a:1'],
    ['FROM --platform="$BUILDPLATFORM" a:1 aS x', 'a:1'],
    ['  FROM   a:1\t⏎', 'a:1'],
    ['FROM \\⏎⏎  # note⏎  a:1 \\⏎  AS x', 'a:1'],
    ['FROM a\\⏎:1', 'a:1'],
    ['FROM a:1 \\', 'a:1'],
    ['\\⏎FROM a:1', 'a:1'],
    [
      `FROM registry.example:5000/x/y:1@sha256:${'0'.repeat(64)}`,
      `registry.example:5000/x/y:1@sha256:${'0'.repeat(64)}`,
    ],
    ['FROM a:1⏎RUN --mount=type=tmpfs,from=b:1,target=/x ls', 'a:1'],
    ['FROM a:1⏎RUN --mount="from=b:1,target=/x" ls', 'a:1, mount b:1'],
    ['FROM a:1⏎RUN --mount=\\"from=b:1\\",target=/x ls', 'a:1, mount b:1'],
    ['FROM a:1⏎RUN ls --mount=from=b:1', 'a:1'],
    ['FROM a:1⏎COPY a --from=b:1 /x', 'a:1'],
    ['FROM a:1⏎COPY --from= a /x', 'a:1'],
    ['FROM a:1⏎RUN <<A cat <<"B C"⏎A⏎FROM x⏎B C⏎FROM b:1', 'unreachable a:1, b:1'],
    ["FROM a:1⏎RUN echo don't <<EOF⏎FROM b:1", 'unreachable a:1, b:1'],
    ['FROM a:1⏎COPY [ "<<EOF", "/x" ]⏎FROM b:1', 'unreachable a:1, b:1'],
  ],
};

for (const [group, rows] of Object.entries(groups)) {
  for (const [file, expected, context] of rows) {
    const shown = JSON.stringify(file) + (context === undefined ? '' : ` with ${JSON.stringify(context)}`);
    test(`${group}: ${shown}`, () => assert.equal(usesOf(file, context).join(', '), expected));
  }
}

const problems: readonly (readonly [file: string, severity: 'error' | 'warning' | 'info', codes: string])[] = [
  ['ARG V⏎FROM a:$V', 'error', ''],
  ['FROM a:$V', 'error', 'undeclared-argument'],
  ['FROM a$V', 'error', ''],
  ['FROM a$V', 'warning', 'undeclared-argument'],
  ['FROM a:1 AS x⏎ARG V=1⏎FROM b:$V', 'error', 'undeclared-argument'],
  ['FROM a:1⏎COPY --from=$V / /', 'error', 'variable-in-from'],
  ['FROM a:1⏎RUN --mount=from=$V,target=/x ls', 'error', 'variable-in-from'],
  ['FROM a:1⏎ADD --from=b:1 / /', 'error', 'unknown-flag'],
  ['FROM a:1 AS x⏎COPY --from=x / /', 'error', 'circular-stage'],
  ['FROM a:1⏎COPY --from=x / /⏎FROM b:1 AS x', 'error', 'stage-order'],
  ['FROM a:1⏎COPY --from=3 / /', 'error', 'stage-index'],
  ['FROM a:1⏎COPY --from=-1 / /', 'error', 'stage-index'],
  ['FROM --platform=a/b/c/d a:1', 'error', 'invalid-platform'],
  ['FROM --link a:1', 'error', 'unknown-flag'],
  ['FROM --platform=linux --platform=linux a:1', 'error', 'duplicate-flag'],
  ['FROM {{ base }} AS x⏎RUN ls', 'error', ''],
  ['FROM {{ base }} AS x⏎RUN ls', 'warning', 'template'],
  ['FROM <%= base %>', 'warning', 'template'],
  ['FROM debian:%%SUITE%%', 'warning', 'template'],
  ['FROM debian:%%SUITE%%', 'error', ''],
  ['{{ if x }}⏎FROM a:1⏎{{ end }}', 'warning', 'template'],
  ['FORM a:1⏎FROM b:1', 'error', 'unknown-instruction'],
  ['FROM a:1⏎RUN x && ⏎ls', 'error', 'unknown-instruction'],
  ['RUN ls⏎FROM a:1', 'error', 'before-from'],
  ['# syntax=a/b:1⏎FROM a:1', 'info', 'other-frontend'],
  ['# syntax=docker/dockerfile-upstream:master⏎FROM a:1', 'info', ''],
  ['FROM a:1⏎ONBUILD COPY --from=b:1 / /', 'info', 'onbuild-not-fired'],
  ['FROM a:1⏎ONBUILD FROM b:1', 'error', 'invalid-trigger'],
  ['FROM a:1 AS', 'error', 'from-words'],
  ['FROM', 'error', 'from-words'],
  ['FROM a:1 AS a$b', 'error', 'invalid-stage-name'],
  [`FROM a:1⏎RUN ${'x'.repeat(65_531)}`, 'error', ''],
  [`FROM a:1⏎RUN ${'x'.repeat(65_532)}`, 'error', 'line-too-long'],
  [`FROM a:1⏎RUN ${'é'.repeat(32_766)}`, 'error', 'line-too-long'],
  ['FROM a:1⏎RUN --mount=type=secret,from=b:1 ls', 'error', 'invalid-mount'],
];
for (const [file, severity, codes] of problems) {
  const shown = file.length > 100 ? `${file.slice(0, 40)}… of ${file.length} characters` : file;
  test(`${JSON.stringify(shown)} has ${codes || 'no'} ${severity}`, () =>
    assert.equal(codesOf(file, severity).join(' '), codes));
}

test('an unknown target is a problem of the build that asks for it', () => {
  assert.deepEqual(codesOf('FROM a:1', 'error', { targets: ['x'] }), ['unknown-target']);
});

test('a message says where the argument is declared now and where to declare it', () => {
  const messageOf = (file: string) => read(file).problems[0]?.message ?? '';
  assert.match(messageOf('FROM a AS x⏎ARG V=1⏎FROM b:$V'), /only inside a stage; write ARG V=… before the first FROM/);
  assert.match(messageOf('ARG B=${A}:1⏎ARG A=x⏎FROM $B'), /move ARG A up/);
  assert.match(messageOf('FROM a # base'), /a comment must stand on its own line/);
});

test('a comment knows the instruction that it stands above or inside', () => {
  const { comments } = read('# syntax=docker/dockerfile:1⏎# one⏎⏎#two ⏎FROM a:1⏎RUN x; \\⏎  # three⏎  y⏎# four');
  assert.deepEqual(comments, [
    { line: 2, text: 'one', nextInstructionLine: 5 },
    { line: 4, text: 'two', nextInstructionLine: 5 },
    { line: 7, text: 'three', nextInstructionLine: 6 },
    { line: 9, text: 'four', nextInstructionLine: undefined },
  ]);
});

test('instructions keep flags, JSON form, heredocs and trigger', () => {
  const file =
    'FROM a:1⏎COPY --link --chown="1:1" a \\⏎  b⏎CMD ["x", "y"]⏎RUN <<EOF⏎one⏎EOF⏎ONBUILD COPY --from=b:1 / /';
  const [copy, command, run, trigger] = read(file).stages[0]?.instructions ?? [];
  assert.deepEqual([copy?.keyword, copy?.text, copy?.line, copy?.endLine], ['COPY', 'a   b', 2, 3]);
  assert.deepEqual(copy?.flags, [
    { name: 'link', value: '' },
    { name: 'chown', value: '1:1' },
  ]);
  assert.deepEqual(command?.json, ['x', 'y']);
  assert.deepEqual(run?.heredocs, [{ name: 'EOF', content: 'one\n', line: 6 }]);
  assert.deepEqual([run?.line, run?.endLine], [5, 7]);
  assert.deepEqual([trigger?.trigger?.keyword, trigger?.trigger?.text], ['COPY', '/ /']);
});

test('a use shows the word as it is written, its line, its place and its platform', () => {
  const text = 'ARG V=3\nFROM --platform=$TARGETPLATFORM \\\n  "alpine:$V" AS x';
  const [use] = read(text).uses;
  assert.deepEqual([use?.written, use?.line, use?.platform], ['"alpine:$V"', 3, 'linux/amd64']);
  assert.equal(text.slice(use?.span.start, use?.span.end), '"alpine:$V"');
  assert.deepEqual(
    use?.pieces.map(({ text: piece, span }) => [piece, text.slice(span?.start, span?.end)]),
    [
      ['alpine:', 'alpine:'],
      ['3', '3'],
    ],
  );
  assert.equal(use?.pieces[1]?.span?.start, 'ARG V='.length);
});

test('the base of a stage is one of the uses', () => {
  const { stages, uses } = read('FROM a:1 AS x⏎FROM b:1⏎FROM x');
  assert.equal(stages[0]?.base, uses[0]);
  assert.equal(stages[2]?.from, 0);
  assert.equal(uses.map(nameOf).length, 2);
});
