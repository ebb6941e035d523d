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
  const meant = wanting.map(({ one, tree }) => {
    const ledger = ledgers.get(repositoryName(one.reference));
    const inLine = known.replacements.get(one)?.reference;
    const bases = possibleBases(one.reference, ledger, tree, request)
      .filter((base) => canonicalReference(base) !== inLine)
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

/** The likeliest first, without what is prohibited or past its end. */
function possibleBases(
  reference: Reference,
  ledger: ImageLedger | undefined,
  { survey }: ReadTree,
  { catalog, now }: TrackCycleRequest,
): readonly Reference[] {
  const today = formatInstant(now).slice(0, 10);
  const found = findBases({ reference, tags: ledger?.tags ?? [], tagDigest: undefined, catalog, today });
  return found.flatMap(({ reference: base }) => {
    const facts = describeImage(base, catalog, today);
    const isRuledOut = ruleOut(
      facts,
      classify({ reference: base, facts, registry: undefined }, 'final', survey.policy),
    );
    return isRuledOut === undefined ? [base] : [];
  });
}
