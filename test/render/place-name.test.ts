import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeName } from '../../src/render/deadlines/place-name.ts';

for (const [repository, path, expected] of [
  ['https://git.example/acme/shop', 'a/Dockerfile', 'https://git.example/acme/shop a/Dockerfile'],
  ['/home/ada/shop', 'a/Dockerfile', 'shop/a/Dockerfile'],
  ['/home/ada', 'Dockerfile', 'Dockerfile'],
  ['/home/adam/shop', 'Dockerfile', '/home/adam/shop/Dockerfile'],
  ['/', 'Dockerfile', '/Dockerfile'],
] as const)
  test(`${path} of ${repository} is told from where the run is`, () => {
    assert.equal(placeName({ repository, path }, '/home/ada'), expected);
  });
