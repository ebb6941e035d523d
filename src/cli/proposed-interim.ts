import type { UpdateLane } from '../domain/update/update-plan.ts';
import type { TreePlan } from '../flows/update/tree-plan.ts';
import type { Registry } from '../ports/registry.ts';
import type { Workspace } from '../ports/workspace.ts';
import { interimPlanOf } from './interim-plan-of.ts';
import type { OpenFleet } from './open-fleet.ts';
import type { OpenRepository } from './open-repository.ts';
import type { UpdateRun } from './update-run.ts';

type InterimPlace = {
  readonly workspace: Workspace;
  readonly registry: Registry;
  readonly opened: Pick<OpenRepository, 'policy' | 'survey'>;
  readonly open: Pick<OpenFleet, 'policy'>;
};

/** What no scanner was asked about is neither proposed nor closed. */
export async function proposedInterim(
  { workspace, registry, opened, open }: InterimPlace,
  updates: TreePlan,
  { scans, now, options }: UpdateRun,
): Promise<{ readonly plan: Partial<TreePlan>; readonly unaskedLanes: readonly UpdateLane[] }> {
  if (scans === undefined) return { plan: {}, unaskedLanes: ['interim', 'interim-end'] };
  const isInserting = options.interim === true;
  const { plans, refused, unanswered } = await interimPlanOf(
    { scans, registry },
    {
      ...{ workspace, survey: opened.survey, policy: opened.policy, now, isInserting, scanner: open.policy.scanner },
      stepsInLine: async () => updates.plans.flatMap(({ steps }) => steps),
    },
  );
  return {
    plan: {
      plans: [...updates.plans, ...plans],
      refused: [...updates.refused, ...refused],
      unanswered: [...updates.unanswered, ...unanswered],
    },
    unaskedLanes: isInserting ? [] : ['interim'],
  };
}
