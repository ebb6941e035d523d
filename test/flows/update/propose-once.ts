import { createGitlabForge } from '../../../src/adapters/forge/gitlab/create-gitlab-forge.ts';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { openBranches } from '../../../src/adapters/workspace/open-branches.ts';
import { defaultUpdateSettings, type UpdateSettings } from '../../../src/domain/update/update-settings.ts';
import type { ProposalResult } from '../../../src/flows/update/proposal-result.ts';
import { propose } from '../../../src/flows/update/propose.ts';
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

export async function proposeOnce(work: Work): Promise<ProposalResult> {
  const { now, base, opened, failuresInARow, isDryRun } = work;
  const http = createHttpClient();
  try {
    const access = {
      url: work.gitlab,
      isPrivateAllowed: true,
      token: { kind: 'private', text: work.token },
    } as const;
    const forge = createGitlabForge(http, access, () => now);
    const branches = openBranches({
      url: work.clone,
      cacheFolder: work.cacheFolder,
      environment: bareEnvironment(),
      isPrivateAllowed: () => true,
      protocols: ['http'],
    });
    return await propose(
      { forge, branches },
      {
        repository: 'acme/shop',
        base: { branch: 'main', revision: base },
        updates: work.changes.map((change) => ({ plan: planOf(change) })),
        unanswered: [],
        textOf: ({ title, from, target }) => ({ title, body: `From ${from} to ${target}.` }),
        settings: { ...defaultUpdateSettings, labels: [], ...work.settings },
        criticalFixes: [],
        author,
        run: { opened, failuresInARow },
        now,
        isDryRun,
      },
    );
  } finally {
    await http.close();
  }
}
