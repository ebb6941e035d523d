import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ApprovalsResult, type ApprovedFile, proveApprovals } from '../flows/prove-approvals.ts';
import { ForgeError } from '../ports/forge.ts';
import { currentTime } from '../wiring/clock.ts';
import { lineHistory } from '../wiring/repositories.ts';
import { UsageError } from './failure.ts';
import { openForges } from './open-forges.ts';
import { addressOfPlace } from './repository-address.ts';
import { instantOf, policyFor } from './run-options.ts';

/** Asks git who changed the waivers of a policy file and of what it extends, and the forge of each who approved of that. */
export async function runApprovals(file: string | undefined, now: string | undefined): Promise<ApprovalsResult> {
  const { policy } = await policyFor(process.cwd(), file, instantOf(now));
  const named = policy.waivers.filter(({ approvedBy }) => approvedBy !== undefined);
  const forges = openForges(currentTime);
  try {
    const files = new Map<string, ApprovedFile>();
    for (const path of new Set(named.map((waiver) => waiver.file))) {
      const absolute = resolve(path);
      const text = await readFile(absolute, 'utf8');
      files.set(path, { file: absolute, text, place: await placeOf(absolute, forges) });
    }
    return await proveApprovals(lineHistory(), named, files);
  } finally {
    await forges.close();
  }
}

async function placeOf(file: string, forges: ReturnType<typeof openForges>): Promise<ApprovedFile['place']> {
  try {
    const { forge, repository } = await forges.of(await addressOfPlace(dirname(file)));
    return forge.kind === 'git'
      ? { kind: 'none', reason: 'its repository lies on no forge that tells of reviews' }
      : { kind: 'forge', forge, repository };
  } catch (error) {
    if (error instanceof UsageError || error instanceof ForgeError) return { kind: 'none', reason: error.message };
    throw error;
  }
}
