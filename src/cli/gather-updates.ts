import type { FleetRepository } from '../domain/fleet/fleet.ts';
import { parseReference, type Reference, repositoryName } from '../domain/image/reference.ts';
import { resolveAlias } from '../domain/policy/classify.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { isInterim, type UpdatePlan } from '../domain/update/update-plan.ts';
import { isSeenByDependabot } from '../flows/dependabot/covered-uses.ts';
import { lookUp } from '../flows/subject-of.ts';
import type { ProposedRepository } from '../flows/update/fleet-proposals.ts';
import { type EvidenceByReference, gatherEvidence, publishedAt } from '../flows/update/gather-evidence.ts';
import { planTree } from '../flows/update/plan-tree.ts';
import type { ProposeRequest } from '../flows/update/propose.ts';
import type { TreePlan } from '../flows/update/tree-plan.ts';
import type { Branches } from '../ports/branches.ts';
import type { Forge } from '../ports/forge.ts';
import type { Registry } from '../ports/registry.ts';
import { pullRequestBody } from '../render/update/pull-request.ts';
import { catalog } from '../wiring/catalog.ts';
import type { RepositoryOnForge } from '../wiring/forges.ts';
import { openRemoteBranches } from '../wiring/repositories.ts';
import { criticalFixesOf, mendingPlansOf } from './critical-fixes-of.ts';
import type { OpenFleet } from './open-fleet.ts';
import { openCommit } from './open-repository.ts';
import { proposedInterim } from './proposed-interim.ts';
import type { RepositoryAddress } from './repository-address.ts';
import type { UpdateRun } from './update-run.ts';

/** Whoever commits: the mail address can be nobody's, so that commits of ours are told from people's. */
const author = { name: 'basekeeper', email: 'basekeeper@bot.invalid' };

export type Named = Pick<ProposedRepository, 'name' | 'owner' | 'team'>;

/** All that there is to update in one repository, and where its pull requests are. */
export type RepositoryUpdates = {
  readonly named: Named;
  readonly forge: Forge;
  readonly branches: Branches;
  readonly registry: Registry;
  readonly request: ProposeRequest;
  readonly evidence: EvidenceByReference;
  readonly plan: TreePlan;
  /** As the base branch says it, within what the organisation allows. */
  readonly policy: Policy;
};

/** Why there is nothing to do in a repository; `failure`: it could not be asked. */
export type NoUpdates = Pick<ProposedRepository, 'left' | 'failure' | 'problems' | 'requests'> & {
  readonly named: Named;
};

export function noUpdates(named: Named): NoUpdates {
  return { named, problems: [], requests: 0 };
}

/** @throws ForgeError, RepositoryError, WorkspaceError or UsageError when it cannot be asked. */
export async function gatherUpdates(
  named: Named,
  { forge, repository, gitToken, hasJobToken, address }: RepositoryOnForge & { readonly address: RepositoryAddress },
  open: Pick<OpenFleet, 'policy'>,
  run: UpdateRun,
  entry: Pick<FleetRepository, 'policy'>,
): Promise<RepositoryUpdates | NoUpdates> {
  run.token.isOfJob ||= hasJobToken;
  const { defaultBranch, isArchived } = await forge.readRepository(repository);
  if (isArchived) return { ...noUpdates(named), left: 'it is archived' };
  const branches = await openRemoteBranches(address.written, address.privateHosts, await gitToken());
  const first = address.branch ?? defaultBranch;
  const commit = await branches.open(first);
  const opened = await openCommit(commit, entry, open, run.options, run.now);
  // What it wants of updates is not known then: neither what to leave alone, nor what to keep.
  if (opened.problems.length > 0)
    return {
      ...noUpdates(named),
      problems: opened.problems,
      left: 'nothing is changed until its policy file is mended',
    };
  const settings = opened.policy.update;
  const base = settings.baseBranch ?? first;
  // The policy is that of the first branch; the files are those of the branch that pull requests go to.
  const workspace = base === first ? commit : await branches.open(base);
  const registry = await run.registries.of(open.policy);
  const urgent = run.only?.get(named.name);
  const images = urgent === undefined ? {} : { isWanted: (one: Reference) => urgent.has(repositoryName(one)) };
  const asked = { ...opened.survey, ...planning(opened.policy, run), ...images };
  const updates = await planTree({ workspace, registry }, asked);
  const interim = await proposedInterim({ workspace, registry, opened, open }, updates, run);
  const plan = { ...updates, ...interim.plan };
  const evidence = await evidenceOf(registry, plan.plans, opened.policy, run.now);
  const judging = { policy: open.policy, base: workspace };
  const criticalFixes = await criticalFixesOf(registry, plan.plans, judging, run);
  const limits = { ...settings.limits, perRun: open.policy.update.limits.perRun };
  const request: ProposeRequest = {
    repository,
    isArchived,
    base: { branch: base, revision: workspace.revision },
    updates: plan.plans.map((one) => withAge(one, evidence)),
    unanswered: unanswered(plan, opened.policy),
    unaskedLanes: interim.unaskedLanes,
    unread: plan.problems.map(({ path }) => path),
    textOf: ({ title, plans }) => ({
      title,
      body: pullRequestBody({ plans, evidence, criticalFixes, snoozeDays: settings.snoozeDays }),
    }),
    settings: { ...settings, limits },
    now: run.clock(),
    author,
    run: run.shared,
    criticalFixes,
    isDryRun: run.options.dryRun === true,
  };
  const found = { named, forge, branches, registry, evidence, plan, policy: opened.policy };
  if (urgent === undefined) return { ...found, request };
  const mending = await mendingPlansOf(registry, plan.plans, judging, run);
  return { ...found, request: urgentOnly(request, mending) };
}

/** What mends a finding at once waits for no other image, and nothing else is touched. */
function urgentOnly(request: ProposeRequest, mending: ReadonlySet<UpdatePlan>): ProposeRequest {
  const isMeant: ProposeRequest['isMeant'] = ({ plans }) => plans.every((plan) => mending.has(plan));
  return { ...request, settings: { ...request.settings, group: 'image' }, isMeant };
}

/** All that there is to update: what is open and in none of it is closed. */
function planning(policy: Policy, { now }: UpdateRun) {
  const { lanes, pin, owner } = policy.update;
  const others = owner === 'dependabot' ? { isLeft: isSeenByDependabot } : {};
  return { catalog: catalog(), now, steps: { lanes, pin, take: 'each' as const }, ...others };
}

async function evidenceOf(
  registry: Registry,
  plans: readonly UpdatePlan[],
  policy: Policy,
  now: string,
): Promise<EvidenceByReference> {
  const facts = catalog();
  const today = now.slice(0, 10);
  const look = lookUp({ policy, catalog: facts }, today);
  return gatherEvidence(registry, plans, { policy, catalog: facts, look, today });
}

function withAge(plan: UpdatePlan, evidence: EvidenceByReference) {
  const at = publishedAt(plan, evidence);
  return { plan, ...(at === undefined ? {} : { publishedAt: at }) };
}

/** Images of which not everything is known now: what is open for them stays open. */
function unanswered(plan: TreePlan, policy: Policy): readonly string[] {
  const texts = [
    ...plan.unanswered.map(({ reference }) => reference),
    ...plan.refused.filter(({ lane }) => !isInterim(lane)).map(({ before }) => before),
  ];
  return [
    ...new Set(
      texts.flatMap((text) => {
        const parsed = parseReference(text);
        return parsed.kind === 'ok' ? [repositoryName(resolveAlias(parsed.reference, policy.aliases))] : [];
      }),
    ),
  ];
}
