import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type WaiverApproval, type WaiverApprovals, waiverKey } from '../domain/policy/approval/waiver-approval.ts';
import type { Waiver } from '../domain/policy/waiver.ts';
import { type ApprovedFile, proveApprovals } from '../flows/approvals/prove-approvals.ts';
import { ForgeError } from '../ports/forge.ts';
import { currentTime } from '../wiring/clock.ts';
import { lineHistory } from '../wiring/repositories.ts';
import { UsageError } from './failure.ts';
import { openForges } from './open-forges.ts';
import { addressOfPlace } from './repository-address.ts';

/** Asks git who changed waivers of the policy files of this machine, and the forge of each file who approved of that. */
export async function askApprovals(waivers: readonly Waiver[]): Promise<readonly WaiverApproval[]> {
  const named = waivers.filter(({ approvedBy }) => approvedBy !== undefined);
  if (named.length === 0) return [];
  const forges = openForges(currentTime);
  try {
    const files = new Map<string, ApprovedFile>();
    for (const path of new Set(named.map(({ file }) => file))) {
      const absolute = resolve(path);
      const text = await readFile(absolute, 'utf8');
      files.set(path, { file: absolute, text, place: await placeOf(absolute, forges) });
    }
    return await proveApprovals(lineHistory(), named, files);
  } finally {
    await forges.close();
  }
}

/** Of those that are in force, each once however many trees it holds in. @param today ISO date. */
export async function askApprovalsInForce(waivers: readonly Waiver[], today: string): Promise<WaiverApprovals> {
  const distinct = new Map(waivers.map((waiver) => [waiverKey(waiver), waiver]));
  const told = await askApprovals([...distinct.values()].filter(({ expires }) => expires >= today));
  return new Map(told.map((approval) => [waiverKey(approval), approval]));
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
