import type { Digest } from '../domain/image/manifest.ts';
import type { NamedBase } from '../domain/image/named-base.ts';
import {
  type AttributedFinding,
  type Attribution,
  attributeFindings,
  isBuiltOn,
  type Origin,
} from '../domain/vulnerability/attribute-findings.ts';
import { findBase } from '../domain/vulnerability/find-base.ts';
import { type Finding, type Scan, scanWorth } from '../domain/vulnerability/scan.ts';

export type NamedScan = { readonly source: string; readonly scan: Scan };

/** `given`: a person names it for this image. `guessed`: its history looks as if it ended there. */
export type BaseKnown = 'given' | NamedBase['known'] | 'guessed';

export type BaseScan = NamedScan & { readonly known: Exclude<BaseKnown, 'guessed'> };

/** How much of an image its base brings. */
export type OriginSummary = {
  /** Where the scan of the base was read; null for a guessed one, which has no name. */
  readonly base: string | null;
  readonly known: BaseKnown;
  readonly evidence: Origin['evidence'];
  readonly inBase: number;
  readonly inApp: number;
  /** In the base by itself, and no longer in the image. */
  readonly mitigated: readonly Finding[];
};

export type Originated =
  | { readonly kind: 'told'; readonly summary: OriginSummary; readonly findings: readonly AttributedFinding[] }
  /** `reason`: one sentence. */
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Tells which findings of an image are its base's.
 *
 * @param bases scanned by themselves; of several the one counts that the image begins with.
 */
export function originate({ source, scan }: NamedScan, bases: readonly BaseScan[]): Originated {
  const base = chooseBase(scan, bases);
  if (base === undefined)
    return {
      kind: 'unknown',
      reason: `${source}: it begins with the layers of none of these bases: ${bases.map((one) => one.source).join(', ')}`,
    };
  if (base.known === 'label' && !isBuiltOn(scan.layers, base.scan.layers))
    return {
      kind: 'unknown',
      reason: `${source}: its label names ${base.source}, whose layers it does not begin with: the label may be inherited`,
    };
  const blind = [{ source, scan }, base].find((one) => scanWorth(one.scan) === 'unscannable');
  if (blind !== undefined)
    return { kind: 'unknown', reason: `${source}: what its base brings is not known: ${blind.source} is unscannable` };
  return told(attributeFindings(scan, base.scan), { base: base.source, known: base.known });
}

/**
 * The same by the layers alone, where nobody names a base: what it mitigates is not known then.
 *
 * @param layers DiffIDs of the image that are likely its base's.
 */
export function originateByGuess({ scan }: NamedScan, layers: readonly Digest[]): Originated | undefined {
  if (scanWorth(scan) === 'unscannable') return undefined;
  const attribution = attributeFindings(scan, { layers, findings: [] });
  return attribution.evidence === 'layers' ? told(attribution, { base: null, known: 'guessed' }) : undefined;
}

function told({ findings, mitigated, evidence }: Attribution, base: Pick<OriginSummary, 'base' | 'known'>): Originated {
  const inBase = findings.filter(({ origin }) => origin.part === 'base').length;
  return { kind: 'told', summary: { ...base, evidence, inBase, inApp: findings.length - inBase, mitigated }, findings };
}

/** A single one was named for this image: its packages tell where its layers do not. */
function chooseBase({ layers }: Scan, bases: readonly BaseScan[]): BaseScan | undefined {
  const [only, ...others] = bases;
  return others.length === 0
    ? only
    : findBase(
        layers,
        bases.map((base) => ({ ...base, layers: base.scan.layers })),
      );
}
