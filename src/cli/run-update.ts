import { relative } from 'node:path';
import type { Lane } from '../domain/candidates/candidate.ts';
import { parseReference, type Reference, repositoryName } from '../domain/image/reference.ts';
import { resolveAlias } from '../domain/policy/classify.ts';
import { compilePattern } from '../domain/policy/pattern.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { Scans } from '../flows/scan/scan-images.ts';
import { planFixes } from '../flows/update/plan-fixes.ts';
import { planTree } from '../flows/update/plan-tree.ts';
import type { TreePlan } from '../flows/update/tree-plan.ts';
import { applyPlan, type UpdatedTree, type UpdateResult } from '../flows/update/update-result.ts';
import { catalog } from '../wiring/catalog.ts';
import { openScanPorts } from '../wiring/scanner.ts';
import { writeTree } from '../wiring/tree.ts';
import { UsageError } from './failure.ts';
import { interimTreePlan } from './interim-plan-of.ts';
import { type OpenRegistries, openRegistries } from './open-registries.ts';
import { distinctRoots, type OpenTree, openTree, slashed } from './open-tree.ts';
import { startProgress } from './progress.ts';
import { clockFrom, instantOf, type RunOptions } from './run-options.ts';

export type UpdateOptions = RunOptions & {
  readonly lane?: readonly Lane[];
  readonly image?: readonly string[];
  readonly pin?: boolean;
  /** What `check` says to write instead, and nothing else. */
  readonly fix?: boolean;
  /** Upgrades of packages until their base is patched, and nothing else. */
  readonly interim?: boolean;
  readonly write?: boolean;
};

/** Plans updates of every tree that the arguments name, each by its own policy, and writes them where that is asked for. */
export async function runUpdate(paths: readonly string[], options: UpdateOptions): Promise<UpdateResult> {
  const now = instantOf(options.now);
  const registries = openRegistries(clockFrom(options.now));
  // Wrong usage is told before any tree is read.
  const filter = imageFilter(options.image ?? []);
  const trees: UpdatedTree[] = [];
  const scanning = options.interim === true ? await openScanning() : undefined;
  try {
    for (const path of distinctRoots(paths)) {
      const tree = await openTree(path, options, now);
      const isWanted = filter(tree.policy);
      const plan =
        scanning === undefined
          ? await planOf(tree, options, now, isWanted, registries)
          : await interimTreePlan({ ...tree, isWanted, now }, await registries.of(tree.policy), scanning.scans);
      const writer = options.write === true ? await writeTree(path) : undefined;
      const name = slashed(relative(process.cwd(), tree.folder)) || '.';
      trees.push(await applyPlan(name, plan, writer));
    }
  } finally {
    await scanning?.close();
    await registries.close();
  }
  return { schemaVersion: 1, now, isWritten: options.write === true, trees };
}

async function openScanning() {
  const { ports, close } = await openScanPorts();
  return { scans: new Scans(ports), close };
}

async function planOf(
  { workspace, survey, policy, isPartial, baseline }: OpenTree,
  options: UpdateOptions,
  now: string,
  isWanted: (reference: Reference) => boolean,
  registries: OpenRegistries,
): Promise<TreePlan> {
  const facts = catalog();
  if (options.fix === true) {
    const known = baseline === undefined ? {} : { baseline };
    return planFixes(
      workspace,
      { ...survey, ...known, rules: allRules, catalog: facts, now, isPartial, explain: false },
      isWanted,
    );
  }
  const { lane } = options;
  const progress = startProgress('asking registries', 'images');
  return planTree(
    { workspace, registry: await registries.of(policy) },
    {
      ...survey,
      catalog: facts,
      now,
      steps: {
        lanes: lane ?? policy.update.lanes,
        pin: options.pin ?? policy.update.pin,
        take: lane === undefined ? 'in-line' : 'farthest',
      },
      isWanted,
      onAsked: progress.report,
    },
  ).finally(progress.stop);
}

/**
 * Which references `--image` means: `node` every tag of it, `node:22-alpine` that tag, `docker.io/library/*` a pattern as in the
 * policy file.
 */
function imageFilter(texts: readonly string[]): (policy: Policy) => Filter {
  if (texts.length === 0) return () => () => true;
  const filters = texts.map((text) => (text.includes('*') ? patternFilter(text) : nameFilter(text)));
  return (policy) => (reference) => filters.some((isMeant) => isMeant(reference, policy));
}

type Filter = (reference: Reference) => boolean;

function patternFilter(text: string): Filter {
  const compiled = compilePattern(text);
  if (compiled.kind === 'invalid') throw new UsageError(`--image ${compiled.reason}`);
  return compiled.pattern.matches;
}

/** A name is read as in a file of the tree: that of a mirror means what the mirror stands for. */
function nameFilter(text: string): (reference: Reference, policy: Policy) => boolean {
  const parsed = parseReference(text);
  if (parsed.kind === 'invalid')
    throw new UsageError(`--image ${JSON.stringify(text)} names no image: ${parsed.reason}`);
  const { reference: written } = parsed;
  const isTag = ({ tag }: Reference) => written.tag === undefined || tag === written.tag;
  return (reference, { aliases }) =>
    repositoryName(reference) === repositoryName(resolveAlias(written, aliases)) && isTag(reference);
}
