import { familiarReference } from '../../domain/image/reference.ts';
import type { Candidate } from './settle-run.ts';

/**
 * What stands against a merge that the facts allow: the head holds more or other than we would write, or an image has moved since
 * the update was planned. One clause; `undefined` for nothing.
 *
 * @throws ForgeError, RegistryError
 */
export async function findChange(candidate: Candidate): Promise<string | undefined> {
  return (await findForeignChange(candidate)) ?? (await findMovedImage(candidate));
}

/** Commits say whose they are in words that anybody can write: what counts is what they hold. */
async function findForeignChange({ place, proposal, pullRequest }: Candidate): Promise<string | undefined> {
  const { forge, request } = place;
  const { commits, files, isTruncated } = await forge.readChanges(request.repository, pullRequest.id);
  if (isTruncated || commits.length !== 1) return 'it has other commits than the one of ours';
  if (commits[0]?.revision !== pullRequest.headRevision) return 'its head has changed meanwhile';
  const planned = new Map(proposal.files.map(({ path, after }) => [path, after]));
  const other = files.find(({ path, kind }) => kind !== 'changed' || !planned.has(path));
  if (other !== undefined || files.length !== planned.size) return 'it changes other files than the update';
  for (const [path, after] of planned) {
    const text = await forge.readFile(request.repository, path, pullRequest.headRevision);
    if (text !== after) return `its ${path} is not what would be written now`;
  }
  return undefined;
}

async function findMovedImage({ place, proposal }: Candidate): Promise<string | undefined> {
  for (const { to } of proposal.plans.flatMap(({ steps }) => steps)) {
    const planned = place.evidenceOf(to)?.digest;
    if (planned === undefined) return `nobody tells the digest of ${familiarReference(to)}`;
    const { digest } = await place.registry.resolve(to, to.tag ?? to.digest ?? 'latest');
    if (digest !== planned) return `${familiarReference(to)} has moved meanwhile`;
  }
  return undefined;
}

/** Asked last of all: a forge compares the head while it merges, and not the base. @throws RepositoryError */
export async function hasBaseMoved({ place }: Candidate): Promise<boolean> {
  const { base } = place.request;
  return (await place.branches.list(base.branch)).get(base.branch) !== base.revision;
}
