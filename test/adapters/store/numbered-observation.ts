import type { ImageLedger, Observation } from '../../../src/ports/store.ts';

const images = 5;

/** The image of `numbered(number)`. */
export function imageOf(number: number): string {
  return `ghcr.io/acme/app-${number % images}`;
}

/** An observation that writes to every table, and can be told from all others. */
export function numbered(number: number): Observation {
  const image = imageOf(number);
  const tag = `1.${number}`;
  const digest = `sha256:${number.toString(16).padStart(64, '0')}`;
  return {
    image,
    sightings: ['*', 'linux/amd64', 'linux/arm64'].map((platform) => ({
      tag,
      platform,
      digest,
      firstSeenAt: number,
      lastSeenAt: number,
      evidence: 'head',
    })),
    checks: [{ tag, attemptedAt: number, outcome: 'verified', failures: 0, dueAt: number }],
    listing: { tags: siblings(tag).map((each) => ({ tag: each })), gone: [], listedAt: number },
    events: [{ key: `${image} ${tag}`, at: number, image, tag, what: { kind: 'tag-gone' } }],
    unread: [{ tag, digest, uses: 1 }],
  };
}

/** How many of its rows a ledger of its image holds: all or none, if writing is whole or not at all. */
export function countRows(number: number, ledger: ImageLedger): { readonly found: number; readonly all: number } {
  const tag = `1.${number}`;
  const wanted = new Set(siblings(tag));
  const found =
    ledger.sightings.filter((sighting) => sighting.tag === tag).length +
    ledger.checks.filter((check) => check.tag === tag).length +
    ledger.tags.filter((listed) => wanted.has(listed.tag)).length;
  return { found, all: 3 + 1 + wanted.size };
}

/** Enough to fill some pages, so that a kill can meet a transaction half-way. */
function siblings(tag: string): readonly string[] {
  return Array.from({ length: 40 }, (_, at) => `${tag}-variant-${at}`);
}
