import { findBases } from '../../domain/advise/find-bases.ts';
import { ruleOut } from '../../domain/advise/rule-out.ts';
import { describeImage } from '../../domain/catalog/describe-image.ts';
import { evidenceOf } from '../../domain/deadline/scan-evidence.ts';
import type { UseAlternatives } from '../../domain/deadline/tracked-use.ts';
import { canonicalReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import { classify } from '../../domain/policy/classify.ts';
import { ratedAs } from '../../domain/policy/finding-waiver.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import type { ImageLedger } from '../../ports/store.ts';
import type { CollectedUse } from '../monitor/collect-uses.ts';
import { scanEach, wantedScan } from './scan-each.ts';
import type { Replacement } from './scan-replacements.ts';
import type { ReadTree, TrackCycleRequest, TrackPorts } from './track-request.ts';

/** Of one use: each costs a download the first time. */
const maxAlternatives = 4;
const maxPossible = 50;

type Known = {
  readonly scanOf: (use: CollectedUse) => ScanFacts;
  readonly replacements: ReadonlyMap<CollectedUse, Replacement>;
};

/**
 * Scans other lines and variants for each use that has a CRITICAL finding with a fix which what would be proposed in its line is not
 * free of: the likeliest four that the policy lets be used. Each content once; what the archive keeps of this database is not scanned
 * again. Tags are those that the cycle has listed.
 *
 * @see policy 5.2.5: CRITICAL, immediate update
 */
export async function scanAlternatives(
  ports: Pick<TrackPorts, 'scans' | 'registry' | 'store'>,
  request: TrackCycleRequest,
  known: Known,
): Promise<ReadonlyMap<CollectedUse, UseAlternatives>> {
  const wanting = request.trees.flatMap((tree) =>
    tree.uses.flatMap((one) => (isWithoutBase(one, tree, known) ? [{ one, tree }] : [])),
  );
  if (wanting.length === 0) return new Map();
  const images = [...new Set(wanting.map(({ one }) => repositoryName(one.reference)))];
  const ledgers = await ports.store.readImages(images);
  // A fleet may name one image thousands of times, of thousands of tags.
  const foundFor = new Map<string, readonly Reference[]>();
  const basesOf = (reference: Reference) => {
    const key = canonicalReference(reference);
    const found = foundFor.get(key) ?? possibleBases(reference, ledgers.get(repositoryName(reference)), request);
    foundFor.set(key, found);
    return found;
  };
  const meant = wanting.map(({ one, tree }) => {
    const inLine = known.replacements.get(one)?.reference;
    const bases = basesOf(one.reference)
      .filter((base) => canonicalReference(base) !== inLine && mayBeUsed(base, tree, request))
      .slice(0, maxAlternatives);
    return { one, images: bases.map((base) => wantedScan(one, request.platform, base)) };
  });
  const said = await scanEach(
    ports,
    meant.flatMap((use) => use.images),
    request,
  );
  return new Map(
    meant.map(({ one, images: wanted }) => [
      one,
      {
        of: canonicalReference(one.reference),
        bases: wanted.map((image) => ({
          reference: canonicalReference(image.reference),
          scan: said(image) ?? unasked,
        })),
      },
    ]),
  );
}

const unasked: ScanFacts = { kind: 'failed', message: 'no scanner was asked' };

function isWithoutBase(one: CollectedUse, { policy }: ReadTree, { scanOf, replacements }: Known): boolean {
  const { deadlines } = policy;
  const scan = scanOf(one);
  if (scan.kind !== 'scanned' || (one.use.role !== 'final' && !deadlines.isBuildCounted)) return false;
  const inLine = replacements.get(one)?.scan;
  return scan.findings.some(
    (finding) =>
      ratedAs(finding.severity, deadlines.unknownAs) === 'critical' &&
      finding.fixedVersion !== undefined &&
      (inLine === undefined || evidenceOf(inLine, finding).kind !== 'absent'),
  );
}

/** The likeliest first. */
function possibleBases(
  reference: Reference,
  ledger: ImageLedger | undefined,
  { catalog, now }: TrackCycleRequest,
): readonly Reference[] {
  const today = formatInstant(now).slice(0, 10);
  const found = findBases({ reference, tags: ledger?.tags ?? [], tagDigest: undefined, catalog, today });
  // Those that a policy rules out are few.
  return found.slice(0, maxPossible).map((base) => base.reference);
}

/** Neither prohibited nor past its end. */
function mayBeUsed(reference: Reference, { survey }: ReadTree, { catalog, now }: TrackCycleRequest): boolean {
  const facts = describeImage(reference, catalog, formatInstant(now).slice(0, 10));
  const classification = classify({ reference, facts, registry: undefined }, 'final', survey.policy);
  return ruleOut(facts, classification) === undefined;
}
