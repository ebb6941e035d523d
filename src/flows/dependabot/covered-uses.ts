import { type Coverage, coverageOf, type Ecosystem } from '../../domain/dependabot/coverage.ts';
import { canonicalReference } from '../../domain/image/reference.ts';
import type { PlacedUse, ReadFile } from '../read-dockerfile.ts';

/** What Dependabot could do with the images of one file. */
export type CoveredUses = {
  readonly seen: readonly { readonly ecosystem: Ecosystem; readonly directory: string }[];
  readonly uncovered: readonly UncoveredUse[];
};

/** A place that Dependabot cannot see or write, and why: Basekeeper covers it. */
export type UncoveredUse = {
  readonly path: string;
  readonly line: number;
  /** Canonical. */
  readonly image: string;
  readonly reason: string;
};

export function coveredUses(file: ReadFile): CoveredUses {
  const seen: CoveredUses['seen'][number][] = [];
  const uncovered: UncoveredUse[] = [];
  for (const placed of file.uses) {
    const { use } = placed;
    const coverage = coverageIn(file, placed);
    if (coverage === undefined || use.image.kind !== 'reference') continue;
    const image = canonicalReference(use.image.reference);
    if (coverage.kind === 'unseen') uncovered.push({ path: file.path, line: use.line, image, reason: coverage.reason });
    else if (!seen.some(({ ecosystem }) => ecosystem === coverage.ecosystem))
      seen.push({ ecosystem: coverage.ecosystem, directory: coverage.directory });
  }
  return { seen, uncovered };
}

/** Dependabot finds the use and can write it: nobody else has to. */
export function isSeenByDependabot(file: ReadFile, placed: PlacedUse): boolean {
  return coverageIn(file, placed)?.kind === 'seen';
}

function coverageIn(file: ReadFile, { use, dockerfile }: PlacedUse): Coverage | undefined {
  return coverageOf(file, use, file.kind === 'compose' && dockerfile !== undefined);
}
