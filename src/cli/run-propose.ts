import type { FleetRepository } from '../domain/fleet/fleet.ts';
import { silentPullRequests } from '../domain/forge/token-gaps.ts';
import { parseReference, repositoryName } from '../domain/image/reference.ts';
import { resolveAlias } from '../domain/policy/classify.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { CriticalFix } from '../domain/update/critical-fix.ts';
import type { UpdatePlan } from '../domain/update/update-plan.ts';
import { isSeenByDependabot } from '../flows/dependabot/covered-uses.ts';
import { mapLimited } from '../flows/limited.ts';
import { refusedAddresses } from '../flows/list-fleet.ts';
import { Scans } from '../flows/scan/scan-images.ts';
import { lookUp } from '../flows/subject-of.ts';
import type { ApplyPlace } from '../flows/update/apply-proposals.ts';
import type { FleetProposals, ProposedRepository } from '../flows/update/fleet-proposals.ts';
import { type EvidenceByReference, gatherEvidence, publishedAt } from '../flows/update/gather-evidence.ts';
import { planTree } from '../flows/update/plan-tree.ts';
import { propose } from '../flows/update/propose.ts';
import { proveCriticalFixes } from '../flows/update/prove-critical-fixes.ts';
import type { TreePlan } from '../flows/update/tree-plan.ts';
import { ForgeError } from '../ports/forge.ts';
import type { Registry } from '../ports/registry.ts';
import { RepositoryError } from '../ports/repositories.ts';
import { WorkspaceError } from '../ports/workspace.ts';
import { pullRequestBody } from '../render/update/pull-request.ts';
import { catalog, openRemoteBranches, openScanPorts, type RepositoryOnForge } from '../wiring.ts';
import { UsageError } from './failure.ts';
import { type OpenFleet, openFleet } from './open-fleet.ts';
import { type OpenForges, openForges } from './open-forges.ts';
import { type OpenRegistries, openRegistries } from './open-registries.ts';
import { openCommit } from './open-repository.ts';
import { startProgress } from './progress.ts';
import { addressOfFleet, addressOfPlace, type RepositoryAddress } from './repository-address.ts';
import { clockFrom, instantOf, policyFor, type RunOptions } from './run-options.ts';

export type ProposeOptions = RunOptions & {
  readonly fleet?: string;
  readonly dryRun?: boolean;
  /** Scan old and new contents, so that a proven fix of a CRITICAL finding waits for nothing. */
  readonly scan?: boolean;
};

/** Whoever commits: the mail address can be nobody's, so that commits of ours are told from people's. */
const author = { name: 'basekeeper', email: 'basekeeper@bot.invalid' };

/** Repositories that are worked on at a time: each may start a git of its own. */
const atOnce = 4;

type Run = {
  readonly options: ProposeOptions;
  readonly now: string;
  readonly clock: () => number;
  readonly registries: OpenRegistries;
  readonly forges: OpenForges;
  readonly shared: ApplyPlace['run'];
  readonly token: { isOfJob: boolean };
  readonly scans: Scans | undefined;
  readonly unproven: Set<string>;
};

/** Opens and keeps up the pull requests of one repository, or of all of a fleet. What fails in one is a row; the others go on. */
export async function runPropose(paths: readonly string[], options: ProposeOptions): Promise<FleetProposals> {
  const now = instantOf(options.now);
  const clock = clockFrom(options.now);
  const registries = openRegistries(clock);
  const forges = openForges(clock);
  const shared = { opened: 0, failuresInARow: 0 };
  const token = { isOfJob: false };
  const opened = options.scan === true ? await openScanPorts() : undefined;
  const scans = opened === undefined ? undefined : new Scans(opened.ports);
  const unproven = new Set<string>();
  const run: Run = { options, now, clock, registries, forges, shared, token, scans, unproven };
  try {
    const proposed = await (options.fleet === undefined
      ? proposeToPlaces(paths, run)
      : proposeToFleet(options.fleet, run));
    const isSilent = token.isOfJob && proposed.repositories.some(({ rows }) => rows.length > 0);
    const tokenGaps = isSilent ? [silentPullRequests] : [];
    const scanned = scans === undefined ? {} : { unproven: [...unproven] };
    return { schemaVersion: 1, now, isDryRun: options.dryRun === true, ...proposed, tokenGaps, ...scanned };
  } finally {
    await opened?.close();
    await registries.close();
    await forges.close();
  }
}

type Proposed = Pick<FleetProposals, 'repositories' | 'listings'>;

async function proposeToPlaces(paths: readonly string[], run: Run): Promise<Proposed> {
  const places = paths.length === 0 ? ['.'] : [...new Set(paths)];
  const repositories: ProposedRepository[] = [];
  for (const place of places) {
    const address = await addressOfPlace(place);
    if (address.web.protocol === 'file:')
      throw new UsageError(
        `${place} leads to a repository in a folder: pull requests need one at an https or ssh address`,
      );
    const { policy } = await policyFor(address.folder ?? '.', run.options.policy, run.now);
    repositories.push(await proposeTo({ name: place }, address, { policy }, run));
  }
  return { repositories, listings: [] };
}

async function proposeToFleet(path: string, run: Run): Promise<Proposed> {
  const open = await openFleet(path, run.options, run.now);
  const { fleet, listings } = open;
  const { repositories } = fleet;
  const progress = startProgress('proposing updates', 'repositories');
  let done = 0;
  const proposed = await mapLimited(
    repositories,
    async (repository) => {
      const { name, owner, team } = repository;
      const named = { name, ...(owner === undefined ? {} : { owner }), ...(team === undefined ? {} : { team }) };
      const proposed =
        repository.source.kind === 'url'
          ? await proposeTo(named, addressOfFleet(repository.source, fleet), open, run, repository)
          : {
              ...nothing(named),
              left: 'a folder of this machine has no pull requests: name the url of its repository',
            };
      progress.report(++done, repositories.length);
      return proposed;
    },
    atOnce,
  ).finally(progress.stop);
  const refused = refusedAddresses(listings).map(({ name, message }) => ({ ...nothing({ name }), failure: message }));
  return { repositories: [...proposed, ...refused], listings };
}

type Named = Pick<ProposedRepository, 'name' | 'owner' | 'team'>;

function nothing(named: Named): ProposedRepository {
  return { ...named, rows: [], refused: [], unanswered: [], problems: [], requests: 0 };
}

async function proposeTo(
  named: Named,
  address: RepositoryAddress,
  open: Pick<OpenFleet, 'policy'>,
  run: Run,
  entry: Pick<FleetRepository, 'policy'> = {},
): Promise<ProposedRepository> {
  let onForge: RepositoryOnForge | undefined;
  try {
    onForge = await run.forges.of(address);
    const proposed = await proposeOrThrow(named, { ...onForge, address }, open, run, entry);
    return { ...proposed, requests: onForge.forge.requests() };
  } catch (error) {
    const isKnown =
      error instanceof ForgeError ||
      error instanceof RepositoryError ||
      error instanceof WorkspaceError ||
      error instanceof UsageError;
    if (!isKnown) throw error;
    return { ...nothing(named), failure: error.message, requests: onForge?.forge.requests() ?? 0 };
  }
}

async function proposeOrThrow(
  named: Named,
  { forge, repository, gitToken, hasJobToken, address }: RepositoryOnForge & { readonly address: RepositoryAddress },
  open: Pick<OpenFleet, 'policy'>,
  run: Run,
  entry: Pick<FleetRepository, 'policy'>,
): Promise<Omit<ProposedRepository, 'requests'>> {
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
  const plan = await planTree({ workspace, registry }, { ...opened.survey, ...planning(opened.policy, run) });
  const evidence = await evidenceOf(registry, plan.plans, opened.policy, run.now);
  const result = await propose(
    { forge, branches },
    {
      repository,
      isArchived,
      base: { branch: base, revision: workspace.revision },
      updates: plan.plans.map((one) => withAge(one, evidence)),
      unanswered: unanswered(plan, opened.policy),
      unread: plan.problems.map(({ path }) => path),
      textOf: ({ title, plans }) => ({
        title,
        body: pullRequestBody({ plans, evidence, snoozeDays: settings.snoozeDays }),
      }),
      settings: { ...settings, limits: { ...settings.limits, perRun: open.policy.update.limits.perRun } },
      now: run.clock(),
      author,
      run: run.shared,
      criticalFixes: await criticalFixesOf(registry, plan.plans, open.policy, run),
      isDryRun: run.options.dryRun === true,
    },
  );
  const { refused, unanswered: unasked, problems } = plan;
  const left = leftToDependabot(plan.left ?? 0);
  return { ...named, rows: result.rows, refused, unanswered: unasked, problems, ...left };
}

/** All that there is to update: what is open and in none of it is closed. */
function planning(policy: Policy, { now }: Run) {
  const { lanes, pin, owner } = policy.update;
  const others = owner === 'dependabot' ? { isLeft: isSeenByDependabot } : {};
  return { catalog: catalog(), now, steps: { lanes, pin, take: 'each' as const }, ...others };
}

function leftToDependabot(uses: number): Pick<ProposedRepository, 'left'> {
  if (uses === 0) return {};
  return {
    left: `${uses === 1 ? '1 use of an image is' : `${uses} uses of images are`} left to Dependabot (update.owner)`,
  };
}

/** Only our own scan of the very digest may say so. The organisation's policy says how. */
async function criticalFixesOf(
  registry: Registry,
  plans: readonly UpdatePlan[],
  policy: Policy,
  { scans, now, unproven }: Run,
): Promise<readonly CriticalFix[]> {
  if (scans === undefined) return [];
  const look = lookUp({ policy, catalog: catalog() }, now.slice(0, 10));
  const { maxDatabaseAgeMs } = policy.scanner;
  const { fixes, notes } = await proveCriticalFixes(scans, registry, plans, {
    ...{ look, now: Date.parse(now), maxDatabaseAgeMs },
  });
  for (const note of notes) unproven.add(note);
  return fixes;
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
  const texts = [...plan.unanswered.map(({ reference }) => reference), ...plan.refused.map(({ before }) => before)];
  return [
    ...new Set(
      texts.flatMap((text) => {
        const parsed = parseReference(text);
        return parsed.kind === 'ok' ? [repositoryName(resolveAlias(parsed.reference, policy.aliases))] : [];
      }),
    ),
  ];
}
