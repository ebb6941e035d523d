import type { Reference } from '../../domain/image/reference.ts';
import { repositoryName } from '../../domain/image/reference.ts';
import type { ScanSettings } from '../../domain/policy/scan-settings.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { CriticalFix } from '../../domain/update/critical-fix.ts';
import type { UpdatePlan, UpdateStep } from '../../domain/update/update-plan.ts';
import { mendsCritical } from '../../domain/vulnerability/mends-critical.ts';
import type { WantedScan } from '../scan/resolve-image.ts';
import type { ScanAnswers, ScannedFacts, ScanRegistry, Scans } from '../scan/scan-images.ts';
import { scanKey } from '../scan/scan-key.ts';
import type { LookUp } from '../subject-of.ts';

type ProofRequest = Pick<ScanSettings, 'maxDatabaseAgeMs'> & { readonly look: LookUp; readonly now: Instant };

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
  { look, now, maxDatabaseAgeMs }: ProofRequest,
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
  const answers = await scans.of(registry, { wanted: [...wanted.values()], now, maxDatabaseAgeMs, reports: [] });
  const fixes = steps.flatMap((step) => proofOf(step, answers));
  const { failure } = answers.result;
  return { fixes, notes: failure === undefined ? [] : [failure] };
}

function proofOf(step: UpdateStep, { facts }: ScanAnswers): readonly CriticalFix[] {
  const { from, to } = step;
  if (to.digest === undefined) return [];
  const pairs = platformsOf(step).map((platform) => {
    const scanOf = (reference: Reference) => scannedOnly(facts.get(scanKey(reference, platform)));
    return { before: scanOf(from), after: scanOf(to) };
  });
  const isProven = pairs.every(
    ({ before, after }) =>
      before !== undefined &&
      after !== undefined &&
      before.databaseAt === after.databaseAt &&
      mendsCritical(before.findings, after.findings),
  );
  const scanner = pairs[0]?.after;
  if (!isProven || scanner === undefined) return [];
  return [
    {
      image: repositoryName(to),
      digest: to.digest,
      scanner: `${scanner.scanner}, database of ${scanner.databaseAt}`,
      severity: 'CRITICAL',
      isSameLine: true,
      isOfficialSource: true,
    },
  ];
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
