import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ListedTag } from '../../../src/domain/candidates/candidate.ts';
import { compareRelease } from '../../../src/domain/candidates/compare-forms.ts';
import { readForm } from '../../../src/domain/candidates/tag-form.ts';
import { formatSlot, isPrerelease, parseTag, versionOf } from '../../../src/domain/image/tag.ts';
import { catalog } from '../catalog/described.ts';
import { candidatesFor } from './selection-case.ts';

const day = fc.constantFrom('2024-03-01', '2026-08-22', '2026-11-23', '2028-01-01');
const pushed = fc.constantFrom(undefined, '2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
const number = fc.integer({ min: 0, max: 30 });
const made = fc
  .tuple(
    fc.constantFrom('', 'v'),
    fc.array(number, { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join('.')),
    fc.constantFrom('', '', '', '_9', '_10', 'rc1', '-rc.2', '-beta3', '-ea-4'),
    fc.constantFrom(
      '',
      '-slim',
      '-alpine',
      '-alpine3.20',
      '-alpine3.24',
      '-jre',
      '-fpm-alpine3.22',
      '-slim-bookworm',
      '-amd64',
    ),
    fc.constantFrom('', '', '-r3', '-20260101', '-bookworm', '-trixie', '-forky', '-noble'),
  )
  .map((parts) => parts.join(''));

/** A repository of the catalog, some of its tags and some made ones, with and without dates, and one to start from. */
const listing = fc.constantFrom(...catalog.repositories).chain((repository) => {
  const own = (catalog.findTags(repository)?.all() ?? []).map(({ text }) => text);
  const tag = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...own) }, { weight: 2, arbitrary: made });
  return tag.chain((present) => {
    // The present tag with other numbers, for most of any two tags have nothing to do with one another.
    const kin = fc.array(number, { minLength: 1, maxLength: 4 }).map((numbers) => renumbered(present, numbers));
    const listed = fc
      .tuple(fc.oneof(tag, kin), pushed)
      .map(([text, pushedAt]) => ({ tag: text, ...(pushedAt === undefined ? {} : { pushedAt }) }));
    return fc.record({
      present: fc.constant(present),
      tags: fc.array(listed, { maxLength: 40 }),
      today: day,
      repository: fc.constant(repository),
    });
  });
});

function renumbered(tag: string, numbers: readonly number[]): string {
  let at = 0;
  return tag.replace(/\d+/g, (digits) => {
    at += 1;
    return String(numbers[at - 1] ?? digits);
  });
}

function answer({ repository, present, tags, today }: Listing) {
  return candidatesFor(`${repository}:${present}`, tags, today);
}

type Listing = {
  readonly repository: string;
  readonly present: string;
  readonly tags: readonly ListedTag[];
  readonly today: string;
};

/** What may not differ: the text of a tag without its numbers, and with the system's name for a code name. */
function skeleton(text: string): string {
  const slots = parseTag(text).slots.map((slot) =>
    slot.kind === 'os' && slot.isCodename ? `<${slot.name}>` : formatSlot(slot),
  );
  return slots
    .join('-')
    .replace(/-security-\d+$/, '')
    .replace(/[-.]?(?:rc|beta|ea|alpha|preview|pre|dev|[ab](?=\d))(?:[-.]?\d+)*/gi, '')
    .replace(/\d+(?:\.\d+)*/g, '#');
}

test('every listed tag is the present one, a candidate or rejected, and never two of them', () => {
  fc.assert(
    fc.property(listing, (given) => {
      const { candidates, recommended, rejected } = answer(given);
      const own = candidates.filter(({ repository }) => repository === undefined).map(({ tag }) => tag);
      const all = [...own, ...rejected.map(({ tag }) => tag)];
      const listed = new Set(given.tags.map(({ tag }) => tag).filter((tag) => tag !== given.present));
      assert.deepEqual(all.toSorted(), [...listed].toSorted());
      assert.equal(new Set(candidates.map(({ lane }) => lane)).size, candidates.length);
      if (recommended !== null) assert.ok(own.includes(recommended));
      for (const { reasons } of candidates) assert.ok(reasons.length > 0);
    }),
    { numRuns: 1500 },
  );
});

test('never a prerelease, never a foreign variant', () => {
  let seen = 0;
  fc.assert(
    fc.property(listing, (given) => {
      for (const { tag, repository } of answer(given).candidates) {
        if (repository !== undefined) continue;
        seen += 1;
        const from = parseTag(given.present);
        assert.ok(isPrerelease(from) || versionOf(from) === undefined || !isPrerelease(parseTag(tag)), tag);
        assert.equal(skeleton(tag), skeleton(given.present));
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(seen > 300, `only ${seen} candidates were seen`);
});

test('neither the order of the list nor a repetition in it matters', () => {
  fc.assert(
    fc.property(listing, fc.integer(), (given, seed) => {
      const ordered = given.tags.toSorted((a, b) => hash(a, seed) - hash(b, seed));
      assert.deepEqual(answer({ ...given, tags: [...ordered, ...ordered.slice(0, 5)] }), answer(given));
    }),
    { numRuns: 500 },
  );
});

test('taking what is recommended, again and again, comes to an end and never back', () => {
  fc.assert(
    fc.property(listing, (given) => {
      const seen = new Set([given.present]);
      for (let present = given.present; ; ) {
        const { recommended } = answer({ ...given, present });
        if (recommended === null) break;
        assert.ok(!seen.has(recommended), `${recommended} twice`);
        seen.add(recommended);
        present = recommended;
      }
    }),
    { numRuns: 1000 },
  );
});

test('the order of versions is total', () => {
  fc.assert(
    fc.property(made, made, made, (a, b, c) => {
      const compare = (one: string, other: string) => Math.sign(compareRelease(readForm(one), readForm(other)));
      assert.equal(compare(a, b) + compare(b, a), 0);
      assert.equal(compare(a, a), 0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0, `${a} ${b} ${c}`);
    }),
    { numRuns: 3000 },
  );
});

test('any text that is a tag is read, and compared with any other', () => {
  const text = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,40}$/);
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 8 }), (present, tags) => {
      candidatesFor(
        `someone/app:${present}`,
        tags.map((tag) => ({ tag })),
        '2026-11-23',
      );
    }),
    { numRuns: 1000 },
  );
});

function hash({ tag, pushedAt = '' }: ListedTag, seed: number): number {
  let value = seed | 0;
  for (const character of tag + pushedAt) value = (Math.imul(value, 31) + character.charCodeAt(0)) | 0;
  return value;
}
