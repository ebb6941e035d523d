import type { FleetRepository } from '../domain/fleet/fleet.ts';
import { parseReference, type Reference, repositoryName } from '../domain/image/reference.ts';
import { resolveAlias } from '../domain/policy/classify.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { isInterim, type UpdateLane, type UpdatePlan } from '../domain/update/update-plan.ts';
import { isSeenByDependabot } from '../flows/dependabot/covered-uses.ts';
import { mapLimited } from '../flows/limited.ts';
import { type ListingResult, refusedAddresses } from '../flows/list-fleet.ts';
import { Scans } from '../flows/scan/scan-images.ts';
import { lookUp } from '../flows/subject-of.ts';
import type { ApplyPlace } from '../flows/update/apply-proposals.ts';
import type { ProposedRepository } from '../flows/update/fleet-proposals.ts';
import { type EvidenceByReference, gatherEvidence, publishedAt } from '../flows/update/gather-evidence.ts';
import { planTree } from '../flows/update/plan-tree.ts';
import type { ProposeRequest } from '../flows/update/propose.ts';
import type { TreePlan } from '../flows/update/tree-plan.ts';
import type { Branches } from '../ports/branches.ts';
import { type Forge, ForgeError } from '../ports/forge.ts';
import type { Registry } from '../ports/registry.ts';
import { RepositoryError } from '../ports/repositories.ts';
import { type Workspace, WorkspaceError } from '../ports/workspace.ts';
import { pullRequestBody } from '../render/update/pull-request.ts';
import { catalog } from '../wiring/catalog.ts';
import type { RepositoryOnForge } from '../wiring/forges.ts';
import { openRemoteBranches } from '../wiring/repositories.ts';
import { openScanPorts } from '../wiring/scanner.ts';
import { criticalFixesOf, mendingPlansOf, type ProvingRun } from './critical-fixes-of.ts';
import { UsageError } from './failure.ts';
import { interimPlanOf } from './interim-plan-of.ts';
import { type OpenFleet, openFleet } from './open-fleet.ts';
import { type OpenForges, openForges } from './open-forges.ts';
import { type OpenRegistries, openRegistries } from './open-registries.ts';
import { type OpenRepository, openCommit } from './open-repository.ts';
import { startProgress } from './progress.ts';
import { addressOfFleet, addressOfPlace, type RepositoryAddress } from './repository-address.ts';
import { clockFrom, instantOf, policyFor, type RunOptions } from './run-options.ts';

export type FleetOptions = RunOptions & {
  readonly fleet?: string;
  readonly dryRun?: boolean;
  /** Scan old and new contents, so that a proven fix of a CRITICAL finding waits for nothing. */
  readonly scan?: boolean;
  /** With scans: upgrade packages until their base is patched. */
  readonly interim?: boolean;
};

/** Whoever commits: the mail address can be nobody's, so that commits of ours are told from people's. */
const author = { name: 'basekeeper', email: 'basekeeper@bot.invalid' };

/** Repositories that are worked on at a time: each may start a git of its own. */
const atOnce = 4;

/** What all repositories of one run share. */
export type UpdateRun = ProvingRun & {
  readonly options: FleetOptions;
  readonly clock: () => number;
  readonly registries: OpenRegistries;
  readonly forges: OpenForges;
  readonly shared: ApplyPlace['run'];
  /** `isOfJob`: a forge is asked with what it gives to a running job. */
  readonly token: { isOfJob: boolean };
  /**
   * By the name of a repository, its images that are urgent: `docker.io/library/node`. Nothing but what mends a CRITICAL finding of
   * these is proposed, each image alone. Absent: everything.
   */
  readonly only?: ReadonlyMap<string, ReadonlySet<string>>;
};

export async function withUpdateRun<T>(options: FleetOptions, use: (run: UpdateRun) => Promise<T>): Promise<T> {
  const clock = clockFrom(options.now);
  const registries = openRegistries(clock);
  const forges = openForges(clock);
  const shared = { opened: 0, failuresInARow: 0 };
  const scanning = options.scan === true ? await openScanPorts() : undefined;
  const scans = scanning === undefined ? undefined : new Scans(scanning.ports);
  try {
    return await use({
      ...{ options, now: instantOf(options.now), clock, registries, forges, shared, scans },
      token: { isOfJob: false },
      unproven: new Set(),
    });
  } finally {
    await scanning?.close();
    await registries.close();
    await forges.close();
  }
}

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

/** What becomes of each repository. */
export type UpdateWork<T> = {
  use(updates: RepositoryUpdates): Promise<T>;
  none(nothing: NoUpdates): T;
};

export type Worked<T> = { readonly repositories: readonly T[]; readonly listings: readonly ListingResult[] };

/** Does the work in the repositories of the places, or in all of the fleet. What fails in one is its own; the others go on. */
export async function workOnUpdates<T>(
  paths: readonly string[],
  run: UpdateRun,
  work: UpdateWork<T>,
): Promise<Worked<T>> {
  return run.options.fleet === undefined ? workOnPlaces(paths, run, work) : workOnFleet(run.options.fleet, run, work);
}

async function workOnPlaces<T>(paths: readonly string[], run: UpdateRun, work: UpdateWork<T>): Promise<Worked<T>> {
  const places = paths.length === 0 ? ['.'] : [...new Set(paths)];
  const repositories: T[] = [];
  for (const place of places) {
    const address = await addressOfPlace(place);
    if (address.web.protocol === 'file:')
      throw new UsageError(
        `${place} leads to a repository in a folder: pull requests need one at an https or ssh address`,
      );
    const { policy } = await policyFor(address.folder ?? '.', run.options.policy, run.now);
    repositories.push(await workOn({ name: place }, address, { policy }, run, work));
  }
  return { repositories, listings: [] };
}

async function workOnFleet<T>(path: string, run: UpdateRun, work: UpdateWork<T>): Promise<Worked<T>> {
  const open = await openFleet(path, run.options, run.now);
  const { fleet, listings } = open;
  const { only } = run;
  const repositories = fleet.repositories.filter(({ name }) => only?.has(name) !== false);
  const progress = startProgress('looking for updates', 'repositories');
  let done = 0;
  const worked = await mapLimited(
    repositories,
    async (repository) => {
      const { name, owner, team } = repository;
      const named = { name, ...(owner === undefined ? {} : { owner }), ...(team === undefined ? {} : { team }) };
      const result =
        repository.source.kind === 'url'
          ? await workOn(named, addressOfFleet(repository.source, fleet), open, run, work, repository)
          : work.none({
              ...nothing(named),
              left: 'a folder of this machine has no pull requests: name the url of its repository',
            });
      progress.report(++done, repositories.length);
      return result;
    },
    atOnce,
  ).finally(progress.stop);
  const refused = refusedAddresses(listings).map(({ name, message }) =>
    work.none({ ...nothing({ name }), failure: message }),
  );
  return { repositories: [...worked, ...refused], listings };
}

function nothing(named: Named): NoUpdates {
  return { named, problems: [], requests: 0 };
}

async function workOn<T>(
  named: Named,
  address: RepositoryAddress,
  open: Pick<OpenFleet, 'policy'>,
  run: UpdateRun,
  work: UpdateWork<T>,
  entry: Pick<FleetRepository, 'policy'> = {},
): Promise<T> {
  let onForge: RepositoryOnForge | undefined;
  try {
    onForge = await run.forges.of(address);
    const gathered = await gather(named, { ...onForge, address }, open, run, entry);
    return 'plan' in gathered
      ? await work.use(gathered)
      : work.none({ ...gathered, requests: onForge.forge.requests() });
  } catch (error) {
    const isKnown =
      error instanceof ForgeError ||
      error instanceof RepositoryError ||
      error instanceof WorkspaceError ||
      error instanceof UsageError;
    if (!isKnown) throw error;
    return work.none({ ...nothing(named), failure: error.message, requests: onForge?.forge.requests() ?? 0 });
  }
}

async function gather(
  named: Named,
  { forge, repository, gitToken, hasJobToken, address }: RepositoryOnForge & { readonly address: RepositoryAddress },
  open: Pick<OpenFleet, 'policy'>,
  run: UpdateRun,
  entry: Pick<FleetRepository, 'policy'>,
): Promise<RepositoryUpdates | NoUpdates> {
  run.token.isOfJob ||= hasJobToken;
  const { defaultBranch, isArchived } = await forge.readRepository(repository);
  if (isArchived) return { ...nothing(named), left: 'it is archived' };
  const branches = await openRemoteBranches(address.written, address.privateHosts, await gitToken());
  const first = address.branch ?? defaultBranch;
  const commit = await branches.open(first);
  const opened = await openCommit(commit, entry, open, run.options, run.now);
  // What it wants of updates is not known then: neither what to leave alone, nor what to keep.
  if (opened.problems.length > 0)
    return {
      ...nothing(named),
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

type InterimPlace = {
  readonly workspace: Workspace;
  readonly registry: Registry;
  readonly opened: Pick<OpenRepository, 'policy' | 'survey'>;
  readonly open: Pick<OpenFleet, 'policy'>;
};

/** What no scanner was asked about is neither proposed nor closed. */
async function proposedInterim(
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
