import type { Policy } from '../domain/policy/policy.ts';
import type { CriticalFix } from '../domain/update/critical-fix.ts';
import type { UpdatePlan } from '../domain/update/update-plan.ts';
import { readSuppressions } from '../flows/scan/read-suppressions.ts';
import type { Scans } from '../flows/scan/scan-images.ts';
import { lookUp } from '../flows/subject-of.ts';
import { findMendingPlans, proveCriticalFixes } from '../flows/update/prove-critical-fixes.ts';
import type { Registry } from '../ports/registry.ts';
import type { Workspace } from '../ports/workspace.ts';
import { catalog } from '../wiring/catalog.ts';

/** What a run scans for; `unproven` gathers what could not be looked into. */
export type ProvingRun = {
  readonly now: string;
  /** Absent where nothing is scanned. */
  readonly scans: Scans | undefined;
  readonly unproven: Set<string>;
};

/** Only our own scan of the very digest may say so. The organisation's policy says how; what the base branch takes out is not mended. */
export async function criticalFixesOf(
  registry: Registry,
  plans: readonly UpdatePlan[],
  { policy, base }: { readonly policy: Policy; readonly base: Workspace },
  { scans, now, unproven }: ProvingRun,
): Promise<readonly CriticalFix[]> {
  if (scans === undefined) return [];
  const look = lookUp({ policy, catalog: catalog() }, now.slice(0, 10));
  const { statements } = await readSuppressions(base, policy);
  const { fixes, notes } = await proveCriticalFixes(scans, registry, plans, {
    ...{ look, now: Date.parse(now), terms: policy.scanner, statements },
  });
  for (const note of notes) unproven.add(note);
  return fixes;
}

/** Plans that mend a CRITICAL finding, pinned or not: what is proposed at once. */
export async function mendingPlansOf(
  registry: Registry,
  plans: readonly UpdatePlan[],
  { policy, base }: { readonly policy: Policy; readonly base: Workspace },
  { scans, now, unproven }: ProvingRun,
): Promise<ReadonlySet<UpdatePlan>> {
  if (scans === undefined) return new Set();
  const { statements } = await readSuppressions(base, policy);
  const request = { now: Date.parse(now), terms: policy.scanner, statements };
  const found = await findMendingPlans(scans, registry, plans, request);
  for (const note of found.notes) unproven.add(note);
  return found.plans;
}
