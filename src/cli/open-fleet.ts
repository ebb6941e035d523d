import { dirname, resolve } from 'node:path';
import { loadFleet } from '../config/fleet-load.ts';
import type { Fleet } from '../domain/fleet/fleet.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { ListingResult } from '../flows/list-fleet.ts';
import { UsageError } from './failure.ts';
import { listRepositories } from './list-repositories.ts';
import { clockFrom, displayPath, policyFor, type RunOptions } from './run-options.ts';

/** A fleet file with what its forges list, and the policy that holds for repositories that name none: `--policy`, or the one nearest to the file. */
export type OpenFleet = { readonly fleet: Fleet; readonly listings: readonly ListingResult[]; readonly policy: Policy };

/** @throws UsageError when the fleet file or its policy file is not accepted. */
export async function openFleet(path: string, options: RunOptions, now: string): Promise<OpenFleet> {
  const loaded = await loadFleet(path);
  if (loaded.kind === 'problems') {
    const lines = loaded.problems.map(
      ({ file, line, message }) => `${displayPath(file)}${line > 0 ? `:${line}` : ''}: ${message}`,
    );
    throw new UsageError(`the fleet file was not accepted\n  ${lines.join('\n  ')}`);
  }
  const { policy } = await policyFor(dirname(resolve(path)), options.policy, now);
  return { ...(await listRepositories(loaded.fleet, clockFrom(options.now))), policy };
}
