import type { Reference } from '../../domain/image/reference.ts';
import { repositoryName } from '../../domain/image/reference.ts';
import type { ScanSettings } from '../../domain/policy/scan-settings.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { CriticalFix, CriticalFixScan } from '../../domain/update/critical-fix.ts';
import type { UpdatePlan, UpdateStep } from '../../domain/update/update-plan.ts';
import { mendedCriticals } from '../../domain/vulnerability/mended-criticals.ts';
import type { Statement } from '../../domain/vulnerability/suppress/statement.ts';
import type { WantedScan } from '../scan/resolve-image.ts';
import type { ScanAnswers, ScannedFacts, ScanRegistry, Scans } from '../scan/scan-images.ts';
import { scanKey } from '../scan/scan-key.ts';
import { startTakingOut } from '../scan/take-out.ts';
import type { LookUp } from '../subject-of.ts';

type ProofRequest = Pick<ScanSettings, 'maxDatabaseAgeMs'> & {
  readonly look: LookUp;
  readonly now: Instant;
  /** What the base branch says in VEX documents and ignore files. */
  readonly statements: readonly Statement[];
};

export type CriticalFixes = {
  readonly fixes: readonly CriticalFix[];
  /** Why nothing could be proven, in sentences. */
  readonly notes: readonly string[];
};

const lanesInLine: ReadonlySet<string> = new Set(['digest', 'patch', 'minor']);

/**
 * Which of the planned contents are proven to mend a CRITICAL finding: both the old and the new one are scanned, with one database, for
 * every platform in use. Only where the new content is pinned by digest, from an official source, on the same line.
 */
export async function proveCriticalFixes(
  scans: Scans,
  registry: ScanRegistry,
  plans: readonly UpdatePlan[],
  { look, now, maxDatabaseAgeMs, statements }: ProofRequest,
): Promise<CriticalFixes> {
  const steps = plans
    .filter(({ lane }) => lanesInLine.has(lane))
    .flatMap((plan) => plan.steps)
    .filter(({ to }) => to.digest !== undefined && isOfficial(to, look));
  if (steps.length === 0) return { fixes: [], notes: [] };
  const wanted = new Map(
    steps.flatMap((step) =>
      platformsOf(step).flatMap((platform) =>
        [step.from, step.to].map((reference): [string, WantedScan] => [
          scanKey(reference, platform),
          { reference, ...(platform === undefined ? {} : { platform }) },
        ]),
      ),
    ),
  );
  const { takeOut } = startTakingOut(statements, formatInstant(now).slice(0, 10));
  const request = { wanted: [...wanted.values()], now, maxDatabaseAgeMs, reports: [], takeOut };
  const answers = await scans.of(registry, request);
  const fixes = steps.flatMap((step) => proofOf(step, answers));
  const { failure } = answers.result;
  return { fixes, notes: failure === undefined ? [] : [failure] };
}

function proofOf(step: UpdateStep, { facts }: ScanAnswers): readonly CriticalFix[] {
  const { from, to } = step;
  if (to.digest === undefined) return [];
  const pairs = platformsOf(step).map((platform) => {
    const scanOf = (reference: Reference) => scannedOnly(facts.get(scanKey(reference, platform)));
    return pairOf(scanOf(from), scanOf(to));
  });
  const proven = pairs.filter((pair) => pair !== undefined);
  const [first] = proven;
  if (first === undefined || proven.length < pairs.length) return [];
  return [
    {
      image: repositoryName(to),
      digest: to.digest,
      scanner: first.scanner,
      severity: 'CRITICAL',
      isSameLine: true,
      isOfficialSource: true,
      scans: proven.map(({ scan }) => scan),
    },
  ];
}

/** @returns `undefined` where the two prove nothing. */
function pairOf(
  before: ScannedFacts | undefined,
  after: ScannedFacts | undefined,
): { readonly scanner: string; readonly scan: CriticalFixScan } | undefined {
  if (before === undefined || after === undefined || before.databaseAt !== after.databaseAt) return undefined;
  const mended = mendedCriticals(before, after);
  if (mended.length === 0) return undefined;
  return {
    scanner: `${after.scanner}, database of ${after.databaseAt}`,
    scan: {
      platform: after.platform,
      fromDigest: before.digest,
      toDigest: after.digest,
      mended: mended.map(({ id, sourcePackage, installedVersion, fixedVersion }) => ({
        ...{ id, sourcePackage, installedVersion },
        ...(fixedVersion === undefined ? {} : { fixedVersion }),
      })),
    },
  };
}

function scannedOnly(facts: ReturnType<ScanAnswers['facts']['get']>): ScannedFacts | undefined {
  return facts?.kind === 'scanned' && facts.how !== 'reported' ? facts : undefined;
}

function isOfficial(reference: Reference, look: LookUp): boolean {
  const { publisher } = look(reference).facts;
  return publisher === 'docker-official' || publisher === 'vendor';
}

function platformsOf({ uses }: UpdateStep): readonly (string | undefined)[] {
  return [...new Set(uses.map(({ platform }) => platform))];
}
