import type { Candidates, ListedTag } from '../../../src/domain/candidates/candidate.ts';
import { findCandidates } from '../../../src/domain/candidates/find-candidates.ts';
import { parseReference, type Reference } from '../../../src/domain/image/reference.ts';
import { catalog } from '../catalog/described.ts';

/** One row of the table of version selection, which is also a row of docs/scoreboard.md. */
export type SelectionCase = {
  readonly image: string;
  /** Separated by spaces; a push date behind an `@`. */
  readonly tags: string;
  /** `lane=tag`, separated by spaces, `!` behind the recommended one, `repository:tag` for a successor; empty for nothing. */
  readonly wanted: string;
  readonly today: string;
  /** What the others answer, where it is known. */
  readonly renovate?: string;
  readonly dependabot?: string;
  /** Why the row is there, or which rule decides it. */
  readonly because?: string;
};

/** `[image, tags, wanted, because?]` on one day. */
export type Row = readonly [image: string, tags: string, wanted: string, because?: string];

export function rowsOn(today: string, rows: readonly Row[]): readonly SelectionCase[] {
  return rows.map(([image, tags, wanted, because]) => ({
    image,
    tags,
    wanted,
    today,
    ...(because === undefined ? {} : { because }),
  }));
}

/** What we answer, written as `wanted` is. */
export function answerOf({ image, tags, today }: Pick<SelectionCase, 'image' | 'tags' | 'today'>): string {
  return summaryOf(candidatesFor(image, listedTags(tags), today));
}

export function candidatesFor(image: string, tags: readonly ListedTag[], today: string): Candidates {
  return findCandidates({ reference: referenceOf(image), tags, catalog, today });
}

export function referenceOf(image: string): Reference {
  const parsed = parseReference(image);
  if (parsed.kind === 'invalid') throw new Error(`${image}: ${parsed.reason}`);
  return parsed.reference;
}

export function listedTags(text: string): readonly ListedTag[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [tag = '', pushedAt] = word.split('@');
      return { tag, ...(pushedAt === undefined ? {} : { pushedAt }) };
    });
}

function summaryOf({ candidates, recommended }: Candidates): string {
  return candidates
    .map(({ lane, tag, repository }) => {
      const name = repository === undefined ? tag : `${repository.replace('docker.io/library/', '')}:${tag}`;
      return `${lane}=${name}${repository === undefined && tag === recommended ? '!' : ''}`;
    })
    .join(' ');
}
