import { silentPullRequests } from '../domain/forge/token-gaps.ts';
import type { FleetProposals, ProposedRepository } from '../flows/update/fleet-proposals.ts';
import { propose } from '../flows/update/propose.ts';
import type { RepositoryUpdates } from './gather-updates.ts';
import { type FleetOptions, withUpdateRun } from './update-run.ts';
import { workOnUpdates } from './work-on-updates.ts';

export type ProposeOptions = FleetOptions;

/** Opens and keeps up the pull requests of one repository, or of all of a fleet. What fails in one is a row; the others go on. */
export async function runPropose(paths: readonly string[], options: ProposeOptions): Promise<FleetProposals> {
  return withUpdateRun(options, async (run) => {
    const proposed = await workOnUpdates<ProposedRepository>(paths, run, {
      use: proposeTo,
      none: ({ named, ...why }) => ({ ...named, rows: [], refused: [], unanswered: [], ...why }),
    });
    const isSilent = run.token.isOfJob && proposed.repositories.some(({ rows }) => rows.length > 0);
    const tokenGaps = isSilent ? [silentPullRequests] : [];
    const scanned = run.scans === undefined ? {} : { unproven: [...run.unproven] };
    return { schemaVersion: 1, now: run.now, isDryRun: options.dryRun === true, ...proposed, tokenGaps, ...scanned };
  });
}

async function proposeTo({ named, forge, branches, request, plan }: RepositoryUpdates): Promise<ProposedRepository> {
  const { rows } = await propose({ forge, branches }, request);
  const { refused, unanswered, problems } = plan;
  const left = leftToDependabot(plan.left ?? 0);
  return { ...named, rows, refused, unanswered, problems, ...left, requests: forge.requests() };
}

function leftToDependabot(uses: number): Pick<ProposedRepository, 'left'> {
  if (uses === 0) return {};
  return {
    left: `${uses === 1 ? '1 use of an image is' : `${uses} uses of images are`} left to Dependabot (update.owner)`,
  };
}
