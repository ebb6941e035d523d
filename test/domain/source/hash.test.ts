import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash } from '../../../src/domain/source/hash.ts';

// The reference values of 64-bit FNV-1a: http://www.isthe.com/chongo/src/fnv/test_fnv.c
for (const [text, expected] of [
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['b', 'af63df4c8601f1a5'],
  ['foobar', '85944171f73967e8'],
] as const)
  test(`the hash of ${JSON.stringify(text)} is the known one`, () => assert.equal(hash(text), expected));
