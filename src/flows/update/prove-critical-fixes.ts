import type { Reference } from '../../domain/image/reference.ts';
import { canonicalReference } from '../../domain/image/reference.ts';
import type { ScanTerms } from '../../domain/policy/scan-settings.ts';
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

type ProofRequest = {
  readonly terms: ScanTerms;
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
 * every platform in use. Only where the new content is from an official source, on the same line.
 */
export async function proveCriticalFixes(
  scans: Scans,
  registry: ScanRegistry,
  plans: readonly UpdatePlan[],
  { look, now, terms, statements }: ProofRequest,
): Promise<CriticalFixes> {
  const steps = stepsInLine(plans).filter(({ to }) => isOfficial(to, look));
  const { answers, notes } = await scanSteps(scans, registry, steps, { now, terms, statements });
  return { fixes: answers === undefined ? [] : steps.flatMap((step) => proofOf(step, answers)), notes };
}

/**
 * Which plans mend a CRITICAL finding on their line, whoever publishes the image and whether or not a digest is written: each step of
 * them, for every platform in use, by scans of what both references stand for now, with one database.
 */
export async function findMendingPlans(
  scans: Scans,
  registry: ScanRegistry,
  plans: readonly UpdatePlan[],
  request: Omit<ProofRequest, 'look'>,
): Promise<{ readonly plans: ReadonlySet<UpdatePlan>; readonly notes: readonly string[] }> {
  const { answers, notes } = await scanSteps(scans, registry, stepsInLine(plans), request);
  const isMending = (step: UpdateStep) => answers !== undefined && pairsOf(step, answers) !== undefined;
  const mending = plans.filter(({ lane, steps }) => lanesInLine.has(lane) && steps.every(isMending));
  return { plans: new Set(mending), notes };
}

function stepsInLine(plans: readonly UpdatePlan[]): readonly UpdateStep[] {
  return plans.filter(({ lane }) => lanesInLine.has(lane)).flatMap((plan) => plan.steps);
}

/** Both sides of each step, for every platform in use. */
async function scanSteps(
  scans: Scans,
  registry: ScanRegistry,
  steps: readonly UpdateStep[],
  { now, terms, statements }: Omit<ProofRequest, 'look'>,
): Promise<{ readonly answers: ScanAnswers | undefined; readonly notes: readonly string[] }> {
  if (steps.length === 0) return { answers: undefined, notes: [] };
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
  const request = { wanted: [...wanted.values()], now, terms, reports: [], takeOut };
  const answers = await scans.of(registry, request);
  const { failure } = answers.result;
  return { answers, notes: failure === undefined ? [] : [failure] };
}

function proofOf(step: UpdateStep, answers: ScanAnswers): readonly CriticalFix[] {
  const { to } = step;
  const proven = pairsOf(step, answers);
  const [first] = proven ?? [];
  if (first === undefined) return [];
  return [
    {
      to: canonicalReference(to),
      scanner: first.scanner,
      severity: 'CRITICAL',
      isSameLine: true,
      isOfficialSource: true,
      scans: (proven ?? []).map(({ scan }) => scan),
    },
  ];
}

type Pair = { readonly scanner: string; readonly scan: CriticalFixScan };

/** Of each platform in use. @returns `undefined` unless all of them prove it */
function pairsOf(step: UpdateStep, { facts }: ScanAnswers): readonly Pair[] | undefined {
  const { from, to } = step;
  const pairs = platformsOf(step).map((platform) => {
    const scanOf = (reference: Reference) => scannedOnly(facts.get(scanKey(reference, platform)));
    return pairOf(scanOf(from), scanOf(to));
  });
  const proven = pairs.filter((pair) => pair !== undefined);
  return proven.length === 0 || proven.length < pairs.length ? undefined : proven;
}

/** @returns `undefined` where the two prove nothing. */
function pairOf(before: ScannedFacts | undefined, after: ScannedFacts | undefined): Pair | undefined {
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
