import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { readBounded } from '../config/read-bounded.ts';
import { type PlannedTree, parseUpdatePlan } from '../config/update-plan-file.ts';
import { hash } from '../domain/source/hash.ts';
import type { VerifiedRevision } from '../flows/verify/verify-result.ts';
import type { Revision, Revisions } from '../ports/revisions.ts';
import type { Refused } from '../ports/workspace.ts';
import { writeTree } from '../wiring/tree.ts';
import { UsageError } from './failure.ts';
import { slashed } from './open-tree.ts';

/** Both trees of a verification, on disk. */
export type Sides = {
  readonly from: VerifiedRevision;
  readonly to: VerifiedRevision;
  /** `id`: another one, other files. */
  readonly before: { readonly folder: string; readonly id: string };
  readonly after: { readonly folder: string; readonly id: string };
  /** Of the revision whose policy counts. */
  readonly policyFolder: string;
  /** Absolute: of the repository. */
  readonly root: string;
  /** The folder that was named, relative to the root of the repository. */
  readonly prefix: string;
  readonly leftOut: readonly string[];
};

export type SidesRequest = {
  /** Absolute: what was named. */
  readonly folder: string;
  /** Absolute, empty. */
  readonly scratch: string;
  readonly from?: string;
  readonly to?: string;
};

/** Large trees have large plans: each changed file stands in it twice. */
const maxPlanBytes = 256 * 1024 * 1024;

/**
 * What was is the commit where the two parted: what the base branch got since is not the change's doing. The policy is that of the base as
 * it is now.
 *
 * @throws WorkspaceError
 */
export async function checkOutSides(revisions: Revisions, request: SidesRequest): Promise<Sides> {
  const root = await revisions.findRoot();
  // Whoever looks for a policy above the trees stops here: temporary folders are everybody's.
  await mkdir(join(request.scratch, '.git'));
  const prefix = slashed(relative(root, request.folder));
  const plan = request.to?.endsWith('.json') === true ? await readPlan(request.to, request.folder) : undefined;
  const toName = plan === undefined ? (request.to ?? 'HEAD') : 'HEAD';
  const fromName = request.from ?? (plan === undefined ? `${toName}^` : toName);
  const named = plan === undefined ? await revisions.find(toName) : undefined;
  const from = await revisions.find(fromName);
  const to = named ?? from;
  const fork = (await revisions.findFork(from, to)) ?? from;
  const folders = { before: join(request.scratch, 'before'), after: join(request.scratch, 'after') };
  const refused = await revisions.checkOut(fork, folders.before);
  await revisions.checkOut(to, folders.after);
  const policyFolder = from.commit === fork.commit ? folders.before : join(request.scratch, 'policy');
  if (policyFolder !== folders.before) await revisions.checkOut(from, policyFolder);
  if (plan !== undefined) await applyTo(join(folders.after, prefix), plan);
  const planned = plan === undefined ? '' : ` ${hash(JSON.stringify(plan.changes))}`;
  return {
    from: revisionOf(fork.commit === from.commit ? fromName : `${fromName} (where they parted)`, fork),
    to: revisionOf(plan === undefined ? toName : (request.to ?? ''), to),
    before: { folder: folders.before, id: fork.tree },
    after: { folder: folders.after, id: `${to.tree}${planned}` },
    policyFolder,
    root,
    prefix,
    leftOut: leftOutOf(refused),
  };
}

function revisionOf(name: string, { commit, tree }: Revision): VerifiedRevision {
  return { name, commit, tree };
}

async function readPlan(path: string, folder: string): Promise<PlannedTree> {
  const read = await readBounded(path, maxPlanBytes);
  if (read.kind === 'missing') throw new UsageError(`there is no plan ${path}: make one with basekeeper update --json`);
  if (read.kind !== 'text') throw new UsageError(`${path} ${read.reason}`);
  const trees = parseUpdatePlan(read.text);
  if (trees === undefined) throw new UsageError(`${path} is no plan: make one with basekeeper update --json`);
  const [only] = trees;
  const own = trees.length === 1 ? only : trees.find(({ tree }) => resolve(tree) === folder);
  if (own === undefined) throw new UsageError(`${path} says nothing of this folder`);
  return own;
}

/** A file that is another than when the plan was made is refused. */
async function applyTo(folder: string, { changes }: PlannedTree): Promise<void> {
  const writer = await writeTree(folder);
  for (const { path, before, after } of changes) await writer.replace(path, before, after);
}

function leftOutOf(refused: readonly Refused[]): readonly string[] {
  const [first] = refused;
  if (first === undefined) return [];
  const more = refused.length === 1 ? '' : ` and ${refused.length - 1} more`;
  return [`not everything was checked out: ${first.path} (${first.reason})${more}`];
}
