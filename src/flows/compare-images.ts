import type { NamedBase } from '../domain/image/named-base.ts';
import { canonicalReference, familiarReference, type Reference } from '../domain/image/reference.ts';
import type { ScanTerms } from '../domain/policy/scan-settings.ts';
import type { Instant } from '../domain/source/instant.ts';
import { findBase } from '../domain/vulnerability/find-base.ts';
import { rateAll } from '../domain/vulnerability/rate-findings.ts';
import type { Registry } from '../ports/registry.ts';
import { type ComparedSide, type ComparisonResult, compare } from './compare.ts';
import { mapLimited } from './limited.ts';
import type { BaseScan, NamedScan } from './originate.ts';
import { readMaterials, readPublished } from './read-published.ts';
import type { ScanAnswers, Scans } from './scan/scan-images.ts';
import { scanKey } from './scan/scan-key.ts';

/** A report that was read, or an image of a registry. `source`: as it was written. */
export type Comparable =
  | ({ readonly kind: 'report' } & NamedScan)
  | { readonly kind: 'image'; readonly source: string; readonly reference: Reference };

export type CompareRequest = {
  readonly terms: ScanTerms;
  readonly before: Comparable;
  readonly after: Comparable;
  /** Bases that they are built on. */
  readonly bases: readonly Comparable[];
  /** Images that went into their builds; without those and bases, the base counts that an image itself names. */
  readonly provenance: readonly Reference[];
  readonly platform: string;
  readonly now: Instant;
  readonly onProgress?: (done: number, total: number) => void;
};

export type Compared =
  | { readonly kind: 'compared'; readonly result: ComparisonResult }
  /** What could not be scanned, one sentence each. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/**
 * Sets two images beside each other, scanned with one database for one platform, and tells what their bases bring.
 *
 * @param registry remembers what it was asked.
 */
export async function compareImages(registry: Registry, scans: Scans, request: CompareRequest): Promise<Compared> {
  const { before, after, bases, provenance, platform, now, terms, onProgress } = request;
  const published = await mapLimited([before, after], (one) => readPublished(registry, one, platform));
  const materials = bases.length > 0 ? [] : await readMaterials(registry, provenance, platform);
  const named = published.map(({ layers, base }) => {
    if (bases.length > 0) return undefined;
    return findBase(layers, materials)?.base ?? base;
  });
  const images = [before, after, ...bases, ...named.map(asComparable)].flatMap((one) =>
    one?.kind === 'image' ? [[canonicalReference(one.reference), one] as const] : [],
  );
  const answers = await scans.of(registry, {
    wanted: [...new Map(images).values()].map(({ reference }) => ({ reference, platform })),
    ...{ now, terms, reports: [] },
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const scanOf = (one: Comparable) => lookedInto(one, answers, request);
  const [old, fresh, ...under] = [before, after, ...bases].map(scanOf);
  const reasons = [old, fresh, ...under].flatMap((one) => (one?.kind === 'refused' ? [one.reason] : []));
  if (reasons.length > 0 || old?.kind !== 'scanned' || fresh?.kind !== 'scanned')
    return { kind: 'refused', reasons: [...new Set(reasons)] };
  const given = under.flatMap((one): readonly BaseScan[] =>
    one.kind === 'scanned' ? [{ ...one.named, known: 'given' }] : [],
  );
  const notes: string[] = [...answers.result.notes];
  const sideOf = (scan: NamedScan, at: number): ComparedSide => {
    const { sizes, guess } = published[at] ?? {};
    const own = ownBase(named[at], scan.source, scanOf, notes);
    return {
      ...{ ...scan, bases: given.length > 0 ? given : own },
      ...(guess === undefined ? {} : { guess }),
      ...(sizes === undefined ? {} : { published: sizes }),
    };
  };
  const result = compare(sideOf(old.named, 0), sideOf(fresh.named, 1));
  return { kind: 'compared', result: { ...result, notes: [...result.notes, ...new Set(notes)] } };
}

type Looked =
  | { readonly kind: 'scanned'; readonly named: NamedScan }
  | { readonly kind: 'refused'; readonly reason: string };

function lookedInto(
  one: Comparable,
  { facts, scans, result }: ScanAnswers,
  { platform, terms }: Pick<CompareRequest, 'platform' | 'terms'>,
): Looked {
  const { source } = one;
  if (one.kind === 'report') return { kind: 'scanned', named: { source, scan: rateAll(one.scan, terms.severity) } };
  const key = scanKey(one.reference, platform);
  const scan = scans.get(key);
  // The report names the content; people know what they wrote.
  if (scan !== undefined) return { kind: 'scanned', named: { source, scan: { ...scan, name: source } } };
  if (result.failure !== undefined) return { kind: 'refused', reason: result.failure };
  const said = facts.get(key);
  const reason = said === undefined || said.kind === 'scanned' ? 'it was not scanned' : said.message;
  return { kind: 'refused', reason: `${source}: ${reason}` };
}

/** What an image names is worth a look, and no refusal where it cannot be had. */
function ownBase(
  base: NamedBase | undefined,
  source: string,
  scanOf: (one: Comparable) => Looked,
  notes: string[],
): readonly BaseScan[] {
  const comparable = asComparable(base);
  if (base === undefined || comparable === undefined) return [];
  const looked = scanOf(comparable);
  if (looked.kind === 'scanned') return [{ ...looked.named, known: base.known }];
  notes.push(`${source}: the base that its ${base.known} names could not be looked into: ${looked.reason}`);
  return [];
}

function asComparable(base: NamedBase | undefined): Comparable | undefined {
  if (base === undefined) return undefined;
  return { kind: 'image', source: familiarReference(base.reference), reference: base.reference };
}
