import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../../src/catalog/load.ts';
import { ruleOut } from '../../../src/domain/advise/rule-out.ts';
import { describeImage } from '../../../src/domain/catalog/describe-image.ts';
import { parseReference } from '../../../src/domain/image/reference.ts';

const catalog = loadCatalog();

for (const [text, category, reason] of [
  ['debian:13-slim', 'permitted', undefined],
  ['node:24', 'restricted', undefined],
  ['node:24', 'prohibited', /^prohibited: not verifiable$/],
  ['node:20', 'restricted', /^Node\.js 20 reached its end of life on 2026-04-30$/],
  ['node:24-buster', 'restricted', /^Debian 10 \(buster\) reached its end of life on /],
  ['openjdk:17', 'restricted', /^the image was retired on /],
] as const)
  test(`${text}, ${category}, is ${reason === undefined ? 'not ' : ''}ruled out`, () => {
    const parsed = parseReference(text);
    assert.ok(parsed.kind === 'ok');
    const facts = describeImage(parsed.reference, catalog, '2026-11-23');
    const said = ruleOut(facts, { category, why: 'not verifiable' });
    if (reason === undefined) assert.equal(said, undefined);
    else assert.match(said ?? '', reason);
  });
