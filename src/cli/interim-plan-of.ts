import type { Reference } from '../domain/image/reference.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { interimPlaces } from '../flows/interim/interim-places.ts';
import type { InterimPlan, InterimRequest } from '../flows/interim/interim-request.ts';
import { planInterim } from '../flows/interim/plan-interim.ts';
import { mapLimited } from '../flows/limited.ts';
import { readSuppressions } from '../flows/scan/read-suppressions.ts';
import type { Scans } from '../flows/scan/scan-images.ts';
import { lookUp } from '../flows/subject-of.ts';
import { type SurveyRequest, surveyTree } from '../flows/survey-tree.ts';
import { planTree } from '../flows/update/plan-tree.ts';
import { problemsOf, type TreePlan, unresolvedOf } from '../flows/update/tree-plan.ts';
import type { Registry } from '../ports/registry.ts';
import type { Workspace } from '../ports/workspace.ts';
import { catalog } from '../wiring/catalog.ts';
import { startProgress } from './progress.ts';

type Ports = { readonly scans: Scans; readonly registry: Registry };

export type InterimTree = Pick<InterimRequest, 'isInserting' | 'stepsInLine'> & {
  readonly workspace: Workspace;
  readonly survey: SurveyRequest;
  /** That of the tree. */
  readonly policy: Policy;
  /** Of the policy that says how scans are made. */
  readonly scanner: Policy['scanner'];
  readonly isWanted?: (reference: Reference) => boolean;
  /** ISO instant of the run. */
  readonly now: string;
};

/** Marked upgrades that go into the Dockerfiles of a tree, or out of them. */
export async function interimPlanOf(ports: Ports, tree: InterimTree): Promise<InterimPlan> {
  const { plan } = await readAndPlan(ports, tree);
  return plan;
}

/** The same for a folder, as `update` tells it: nothing else is updated. */
export async function interimTreePlan(
  { workspace, survey, policy, isWanted, now }: Omit<InterimTree, 'scanner' | 'isInserting' | 'stepsInLine'>,
  registry: Registry,
  scans: Scans,
): Promise<TreePlan> {
  const stepsInLine: InterimTree['stepsInLine'] = async (isMeant) => {
    const { lanes, pin } = policy.update;
    const steps = { lanes, pin, take: 'each' as const };
    const { plans } = await planTree(
      { workspace, registry },
      { ...survey, catalog: catalog(), now, steps, isWanted: isMeant },
    );
    return plans.flatMap((plan) => plan.steps);
  };
  const { plan, files, references } = await readAndPlan(
    { scans, registry },
    {
      ...{ workspace, survey, policy, now, stepsInLine, isInserting: true, scanner: policy.scanner },
      ...(isWanted === undefined ? {} : { isWanted }),
    },
  );
  return {
    ...plan,
    others: [],
    unresolved: unresolvedOf(files),
    problems: problemsOf(files),
    ...{ files: files.length, references },
  };
}

async function readAndPlan(ports: Ports, tree: InterimTree) {
  const { workspace, survey: request, policy, scanner, isWanted = () => true, now, isInserting, stepsInLine } = tree;
  const survey = await surveyTree(workspace, request);
  const files = await mapLimited(survey.dockerfiles, survey.read);
  const look = lookUp({ policy, catalog: catalog() }, now.slice(0, 10));
  const context = { policy, producers: survey.producers, look, targetPlatform: request.settings.targetPlatform };
  const places = interimPlaces(files, context).filter(({ reference }) => isWanted(reference));
  const { statements } = await readSuppressions(workspace, policy);
  const progress = startProgress('scanning', 'images');
  const plan = await planInterim(ports, survey, {
    ...{ places, policy: { ...policy, scanner }, statements, now: Date.parse(now), isInserting, stepsInLine },
    onScanned: progress.report,
  }).finally(progress.stop);
  return { plan, files, references: places.length };
}
