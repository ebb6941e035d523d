import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../src/catalog/load.ts';
import { describeImage } from '../../src/domain/catalog/describe-image.ts';
import { parseReference } from '../../src/domain/image/reference.ts';
import { splitImages } from '../../src/flows/split-images.ts';

for (const today of ['2026-09-01', '2026-11-23']) {
  for (const [part, image] of Object.entries(splitImages(loadCatalog(), today))) {
    test(`${part} of a suggestion on ${today}, ${image}, is maintained and needs no better one`, () => {
      const parsed = parseReference(image);
      assert.ok(parsed.kind === 'ok');
      const facts = describeImage(parsed.reference, loadCatalog(), today);
      assert.equal(facts.tagState, 'maintained');
      assert.equal(facts.recommended, undefined);
    });
  }
}
