import { traitsOf } from '../../domain/advise/image-traits.ts';
import { rank } from '../../domain/advise/rank.ts';
import { ruleOut } from '../../domain/advise/rule-out.ts';
import { weigh } from '../../domain/advise/weigh.ts';
import { whatBreaks } from '../../domain/advise/what-breaks.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import { describeImage } from '../../domain/catalog/describe-image.ts';
import { canonicalReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import { classify, resolveAlias } from '../../domain/policy/classify.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { RegistryFacts } from '../../domain/policy/registry-facts.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { Scan } from '../../domain/vulnerability/scan.ts';
import type { Severity } from '../../domain/vulnerability/severity.ts';
import type { Registry } from '../../ports/registry.ts';
import type { ScanAnswers, Scans } from '../scan/scan-images.ts';
import { scanKey } from '../scan/scan-key.ts';
import type { Advice, AdvisedMove, RankedBase, UnrankedBase } from './advice.ts';
import { gatherBases, type OfferedBase } from './gather-bases.ts';

export type AdviseRequest = {
  readonly policy: Policy;
  readonly catalog: Catalog;
  readonly now: Instant;
  /** ISO date of `now`. */
  readonly today: string;
  readonly platform: string;
  readonly threshold: Severity;
  /** How many bases are scanned besides the present one. */
  readonly maxBases: number;
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * Which base to use instead of one: what could stand in its place, each scanned with one database and ranked by what it clears.
 *
 * @param registry remembers what it was asked: each image is resolved twice.
 */
export async function advise(
  registry: Registry,
  scans: Scans,
  image: Reference,
  request: AdviseRequest,
): Promise<Advice> {
  const reference = resolveAlias(image, request.policy.aliases);
  const gathered = await gatherBases(registry, reference, request);
  const { offered, leftOut, notes, registry: said } = gathered;
  const { platform, threshold, now, policy, onProgress } = request;
  const answers = await scans.of(registry, {
    wanted: offered.map(({ reference: own, image: { namedDigest: digest } }) => ({ reference: own, platform, digest })),
    // A report lies in a tree, and here is none.
    ...{ now, terms: policy.scanner, reports: [] },
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const { scanner, failure } = answers.result;
  const judged = judge(offered, answers, request, (base) => ruledOut(base, reference, said, request));
  const unranked = [...judged.unranked, ...gathered.unranked];
  return {
    schemaVersion: 1,
    reference: canonicalReference(reference),
    platform,
    threshold,
    scanner: scanner ?? null,
    failure: failure ?? null,
    recommendation: recommend(judged.ranked, failure),
    ranked: judged.ranked,
    unranked,
    leftOut,
    isUnverified: failure !== undefined || gathered.isListingUnanswered || unranked.some((base) => base.isUnverified),
    notes: [...notes, ...answers.result.notes],
  };
}

function judge(
  offered: readonly OfferedBase[],
  answers: ScanAnswers,
  { platform, threshold }: AdviseRequest,
  ruledOutOf: (base: OfferedBase) => string | undefined,
): Pick<Advice, 'ranked' | 'unranked'> {
  const looked = offered.map((base) => ({ base, ...lookedInto(base, answers, platform) }));
  const present = looked.find(({ base }) => base.jump === 'none')?.scan;
  const weighed = looked.flatMap(({ base, scan }) => {
    if (scan === undefined) return [];
    const { jump, reasons, sizeBytes, image } = base;
    const isPresent = jump === 'none';
    const { move, ...weight } = weigh(scan, isPresent ? undefined : present, threshold);
    const ruledOut = ruledOutOf(base);
    const breaks = isPresent || present === undefined ? [] : whatBreaks(traitsOf(present), traitsOf(scan));
    return [
      {
        reference: canonicalReference(base.reference),
        ...{ jump, reasons, sizeBytes, breaks, move, digest: image.namedDigest },
        ...weight,
        added: move?.addedWeighty ?? 0,
        ...(ruledOut === undefined ? {} : { ruledOut }),
      },
    ];
  });
  return {
    ranked: rank(weighed).map(({ added: _, sizeBytes = null, move = null, ruledOut = null, ...base }): RankedBase => {
      return { ...base, sizeBytes, move, ruledOut };
    }),
    unranked: looked.flatMap(({ base, refusal }) => (refusal === undefined ? [] : [unrankedOf(base, refusal)])),
  };
}

type Refusal = Pick<UnrankedBase, 'reason' | 'isUnverified'>;

/** Few findings mean nothing where nobody publishes advisories any more. */
function lookedInto(
  { reference }: OfferedBase,
  { facts, scans }: ScanAnswers,
  platform: string,
): { readonly scan?: Scan; readonly refusal?: Refusal } {
  const key = scanKey(reference, platform);
  const scan = scans.get(key);
  const said: ScanFacts = facts.get(key) ?? { kind: 'failed', message: 'it was not scanned' };
  if (said.kind !== 'scanned') return { refusal: { reason: said.message, isUnverified: said.kind !== 'unscannable' } };
  if (scan !== undefined && !said.isEndOfLife) return { scan };
  const { family = 'its system', release = '' } = scan?.system ?? {};
  const reason = `nobody publishes advisories for ${`${family} ${release}`.trim()} any more: few findings mean nothing`;
  return { refusal: { reason, isUnverified: false } };
}

function unrankedOf({ reference, jump, reasons, sizeBytes, image }: OfferedBase, refusal: Refusal): UnrankedBase {
  const told = { reference: canonicalReference(reference), jump, reasons, sizeBytes: sizeBytes ?? null };
  return { ...told, digest: image.namedDigest, ...refusal };
}

/** A publisher was looked up for the present repository alone. */
function ruledOut(
  { reference }: OfferedBase,
  present: Reference,
  said: RegistryFacts | undefined,
  { policy, catalog, today }: AdviseRequest,
): string | undefined {
  const facts = describeImage(reference, catalog, today);
  const registry = repositoryName(reference) === repositoryName(present) ? said : undefined;
  return ruleOut(facts, classify({ reference, facts, registry }, 'final', policy));
}

function recommend(ranked: readonly RankedBase[], failure: string | undefined): AdvisedMove {
  const [best] = ranked;
  if (failure !== undefined) return { kind: 'unknown', reason: failure };
  if (best === undefined) return { kind: 'unknown', reason: 'no base could be looked into' };
  if (best.ruledOut !== null) return { kind: 'unknown', reason: 'no base that could be looked into may be used' };
  return best.jump === 'none' ? { kind: 'stay' } : { kind: 'move', reference: best.reference, digest: best.digest };
}
