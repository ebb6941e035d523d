import type { NamedBase } from '../domain/image/named-base.ts';
import {
  type AttributedFinding,
  attributeFindings,
  isBuiltOn,
  type Origin,
} from '../domain/vulnerability/attribute-findings.ts';
import { findBase } from '../domain/vulnerability/find-base.ts';
import { type Finding, type Scan, scanWorth } from '../domain/vulnerability/scan.ts';

export type NamedScan = { readonly source: string; readonly scan: Scan };

/** `given`: a person names it for this image. */
export type BaseKnown = 'given' | NamedBase['known'];

export type BaseScan = NamedScan & { readonly known: BaseKnown };

/** How much of an image its base brings. */
export type OriginSummary = {
  /** Where the scan of the base was read. */
  readonly base: string;
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
  const { findings, mitigated, evidence } = attributeFindings(scan, base.scan);
  const inBase = findings.filter(({ origin }) => origin.part === 'base').length;
  const { known } = base;
  const summary = { base: base.source, known, evidence, inBase, inApp: findings.length - inBase, mitigated };
  return { kind: 'told', summary, findings };
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
