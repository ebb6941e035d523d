import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressParts } from '../../../src/domain/fleet/address-parts.ts';

for (const [text, start, path, end] of [
  ['https://git.example/acme/shop.git', 'https://git.example/', 'acme/shop', '.git'],
  ['https://git.example/scm/git', 'https://git.example/', 'scm/git', ''],
  ['https://git.example/git.git/', 'https://git.example/', 'git', '.git/'],
  ['ssh://git@[::1]:2222//srv/shop/', 'ssh://git@[::1]:2222//', 'srv/shop', '/'],
  ['git@git.example:acme/shop.git', 'git@git.example:', 'acme/shop', '.git'],
  ['git@git.example:/srv/git:x', 'git@git.example:/', 'srv/git:x', ''],
] as const)
  test(`the path of ${text} is ${path}`, () => assert.deepEqual(addressParts(text), { start, path, end }));
