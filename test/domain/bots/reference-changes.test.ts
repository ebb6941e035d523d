import assert from 'node:assert/strict';
import { test } from 'node:test';
import { referenceChanges } from '../../../src/domain/bots/reference-changes.ts';
import { readDockerfile } from '../../../src/flows/read-dockerfile.ts';

function changes(before: string, after: string): readonly string[] | string {
  const [was, is] = [before, after].map((text) => {
    const { uses } = readDockerfile('Dockerfile', text, [], { buildArgs: {}, buildArgsOf: () => ({}) });
    return { text, uses: uses.map(({ use }) => use) };
  });
  assert.ok(was !== undefined && is !== undefined);
  const found = referenceChanges(was, is);
  return found.kind === 'more' ? found.reason : found.changes.map((one) => `${one.line} ${one.before} ${one.after}`);
}

for (const [what, before, after, wanted] of [
  ['a tag', 'FROM node:22\nRUN x\n', 'FROM node:24\nRUN x\n', ['1 node:22 node:24']],
  [
    'a digest',
    'FROM node:22\n',
    `FROM node:22@sha256:${'a'.repeat(64)}\n`,
    [`1 node:22 node:22@sha256:${'a'.repeat(64)}`],
  ],
  [
    'an argument that spells a tag',
    'ARG V=22 # x\nFROM node:${V}\n',
    'ARG V=24 # x\nFROM node:${V}\n',
    ['2 node:22 node:24'],
  ],
  [
    'two stages',
    'FROM node:22 AS a\nFROM node:22-slim\n',
    'FROM node:24 AS a\nFROM node:24-slim\n',
    ['1 node:22 node:24', '2 node:22-slim node:24-slim'],
  ],
  ['nothing', 'FROM node:22\n', 'FROM node:22\n', []],
] as const)
  test(`only references change: ${what}`, () => assert.deepEqual(changes(before, after), wanted));

for (const [what, before, after, reason] of [
  ['a command', 'FROM node:22\nRUN x\n', 'FROM node:24\nRUN y\n', /more than the names/],
  ['a comment', '# a\nFROM node:22\n', '# b\nFROM node:22\n', /more than the names/],
  ['a line end', 'FROM node:22\n', 'FROM node:24\r\n', /more than the names/],
  ['another image', 'FROM node:22\n', 'FROM evil/node:22\n', /another image: docker\.io\/evil\/node/],
  ['another registry', 'FROM node:22\n', 'FROM evil.example/library/node:22\n', /another image/],
  [
    'a stage in place of an image',
    'FROM node:22 AS a\nFROM alpine:3\n',
    'FROM node:22 AS a\nFROM a\n',
    /more than the names|names 1 images/,
  ],
  [
    'an argument that is no piece of an image',
    'ARG V=22\nARG W=1\nFROM node:${V}\n',
    'ARG V=24\nARG W=2\nFROM node:${V}\n',
    /more than the names/,
  ],
  ['one image more', 'FROM node:22\n', 'FROM node:22\nCOPY --from=alpine:3 / /\n', /more than the names/],
  ['a variable in place of a tag', 'ARG V=22\nFROM node:22\n', 'ARG V=22\nFROM node:$V\n', /more than the names/],
] as const)
  test(`more changes: ${what}`, () => assert.match(String(changes(before, after)), reason));
