import { familiarReference, type Reference } from '../../domain/image/reference.ts';
import type { ScanTerms } from '../../domain/policy/scan-settings.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { UpdatePlan } from '../../domain/update/update-plan.ts';
import type { ScanOutcome } from '../../domain/verify/gate-facts.ts';
import { type GateReason, hold } from '../../domain/verify/gate-reason.ts';
import { judgeScans } from '../../domain/verify/judge-scans.ts';
import type { VerifySettings } from '../../domain/verify/verify-settings.ts';
import { compareScans } from '../../domain/vulnerability/compare-scans.ts';
import { joinComparisons } from '../../domain/vulnerability/join-comparisons.ts';
import type { ScanAnswers, ScanRegistry, Scans } from '../scan/scan-images.ts';
import { scanKey } from '../scan/scan-key.ts';
import type { Measurement } from './settle-run.ts';

export type MeasureRequest = {
  readonly terms: ScanTerms;
  readonly verify: VerifySettings;
  readonly now: Instant;
};

type Pair = { readonly from: Reference; readonly to: Reference; readonly platform: string | undefined };

/**
 * Scans the old and the new base of every step with one database and judges them as the gate judges built images: nothing is built here,
 * so that the base alone speaks. What could not be looked into holds, and never passes.
 */
export async function measureBases(
  scans: Scans,
  registry: ScanRegistry,
  plans: readonly UpdatePlan[],
  { verify, now, terms }: MeasureRequest,
): Promise<Measurement> {
  const pairs = pairsOf(plans);
  const wanted = new Map(
    pairs.flatMap(({ from, to, platform }) =>
      [from, to].map((reference) => [
        scanKey(reference, platform),
        { reference, ...(platform === undefined ? {} : { platform }) },
      ]),
    ),
  );
  const answers = await scans.of(registry, { wanted: [...wanted.values()], now, terms, reports: [] });
  const reasons = pairs.length === 0 ? [nothingScanned] : pairs.flatMap((pair) => judgePair(pair, answers, verify));
  const comparisons = pairs.flatMap(({ from, to, platform }) => {
    const [before, after] = [from, to].map((reference) => answers.scans.get(scanKey(reference, platform)));
    return before === undefined || after === undefined ? [] : [compareScans(before, after)];
  });
  return {
    gate: {
      kind: worst(reasons),
      reasons: reasons.map(({ image, text }) => (image === undefined ? text : `${image}: ${text}`)),
    },
    // Of what is known in part alone nothing is summed up.
    ...(pairs.length > 0 && comparisons.length === pairs.length ? { comparison: joinComparisons(comparisons) } : {}),
  };
}

const nothingScanned = hold('scan', 'it names no image that could be scanned');

function pairsOf(plans: readonly UpdatePlan[]): readonly Pair[] {
  const pairs = plans.flatMap(({ steps }) =>
    steps.flatMap(({ from, to, uses }) => uses.map(({ platform }): Pair => ({ from, to, platform }))),
  );
  const keyOf = ({ from, to, platform }: Pair) => `${scanKey(from, platform)} ${scanKey(to, platform)}`;
  return [...new Map(pairs.map((pair) => [keyOf(pair), pair])).values()];
}

function judgePair({ from, to, platform }: Pair, answers: ScanAnswers, verify: VerifySettings): readonly GateReason[] {
  const side = (reference: Reference) => ({
    build: { kind: 'built', sizeBytes: 0 } as const,
    scan: outcomeOf(answers, scanKey(reference, platform)),
  });
  return judgeScans({ name: familiarReference(to), before: side(from), after: side(to) }, verify);
}

function outcomeOf({ facts, scans, result }: ScanAnswers, key: string): ScanOutcome {
  const [told, scan] = [facts.get(key), scans.get(key)];
  switch (told?.kind) {
    case undefined:
      return { kind: 'none', message: 'nobody was asked' };
    case 'stale':
      return told;
    case 'failed':
      return { kind: 'failed', message: result.failure ?? told.message };
    case 'unscannable':
      return { kind: 'failed', message: told.message };
    case 'scanned':
      return scan === undefined
        ? { kind: 'none', message: 'no scan of our own' }
        : { kind: 'scanned', scan, databaseAt: told.databaseAt };
  }
}

function worst(reasons: readonly GateReason[]): 'pass' | 'fail' | 'hold' {
  const outcomes = new Set(reasons.map(({ outcome }) => outcome));
  return outcomes.has('fail') ? 'fail' : outcomes.has('hold') ? 'hold' : 'pass';
}
