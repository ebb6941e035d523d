import { createGitlabForge } from '../../../src/adapters/forge/gitlab/create-gitlab-forge.ts';
import { createRateLimits } from '../../../src/adapters/forge/rate-limits.ts';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { openBranches } from '../../../src/adapters/workspace/open-branches.ts';
import { defaultUpdateSettings, type UpdateSettings } from '../../../src/domain/update/update-settings.ts';
import type { ProposalResult } from '../../../src/flows/update/proposal-result.ts';
import { type ProposeRequest, propose } from '../../../src/flows/update/propose.ts';
import type { Branches } from '../../../src/ports/branches.ts';
import type { Forge } from '../../../src/ports/forge.ts';
import { author, type Change, planOf } from '../../domain/update/proposed.ts';
import { bareEnvironment } from '../../fakes/git-server.ts';

/** One run, as JSON: so that another process can do it. */
export type Work = {
  readonly gitlab: string;
  readonly token: string;
  readonly clone: string;
  readonly cacheFolder: string;
  /** The commit of `main`. */
  readonly base: string;
  readonly now: number;
  readonly changes: readonly Change[];
  readonly settings: Partial<UpdateSettings>;
  readonly isDryRun: boolean;
  readonly opened: number;
  readonly failuresInARow: number;
};

export function proposeOnce(work: Work): Promise<ProposalResult> {
  return withPorts(work, async (ports) => propose(ports, await requestOf(work, ports.forge)));
}

export async function requestOf(work: Work, forge: Forge): Promise<ProposeRequest> {
  return {
    ...placeOf(work),
    isArchived: (await forge.readRepository('acme/shop')).isArchived,
    updates: work.changes.map((change) => ({ plan: planOf(change) })),
    unanswered: [],
    unread: [],
    textOf: ({ title, from, target }) => ({ title, body: `From ${from} to ${target}.` }),
    criticalFixes: [],
    now: work.now,
    isDryRun: work.isDryRun,
  };
}

export async function withPorts<Result>(
  { gitlab, token, clone, cacheFolder, now }: Work,
  use: (ports: { readonly forge: Forge; readonly branches: Branches }) => Promise<Result>,
): Promise<Result> {
  const http = createHttpClient();
  try {
    const access = { url: gitlab, isPrivateAllowed: true, token: { kind: 'private', text: token } } as const;
    const clock = () => now;
    const limits = createRateLimits('GitLab', { clock, pause: async () => undefined });
    const forge = createGitlabForge(http, access, { clock, limits });
    const branches = openBranches({
      ...{ url: clone, cacheFolder, environment: bareEnvironment(), protocols: ['http'] },
      isPrivateAllowed: () => true,
    });
    return await use({ forge, branches });
  } finally {
    await http.close();
  }
}

export function placeOf({ base, settings, opened, failuresInARow }: Work) {
  return {
    repository: 'acme/shop',
    base: { branch: 'main', revision: base },
    settings: { ...defaultUpdateSettings, labels: [], ...settings },
    author,
    run: { opened, failuresInARow },
  };
}
