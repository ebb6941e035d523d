import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UpdateSettings } from '../../../src/domain/update/update-settings.ts';
import type { ProposalResult } from '../../../src/flows/update/proposal-result.ts';
import { botToken, type Stage, withGitlab } from '../../adapters/forge/gitlab/with-gitlab.ts';
import type { Change } from '../../domain/update/proposed.ts';
import { commitTo, headOf } from '../../fakes/bare-repository.ts';
import { git } from '../../fakes/git-server.ts';
import type { MergeRequest } from '../../fakes/gitlab/projects.ts';
import { proposeOnce, type Work } from './propose-once.ts';

/** `acme/shop` on a GitLab, with Dockerfiles of node and nginx, and runs that propose changes of them. */
export type Shop = Stage & {
  work(changes: readonly Change[], settings?: Partial<UpdateSettings>): Work;
  run(changes: readonly Change[], settings?: Partial<UpdateSettings>): Promise<ProposalResult>;
  /** `open node-patch, keep nginx-minor (why)`. */
  tell(changes: readonly Change[], settings?: Partial<UpdateSettings>): Promise<string>;
  commit(branch: string, files: Readonly<Record<string, string>>): string;
  head(branch: string): string | undefined;
  show(branch: string, path: string): string;
  readonly mergeRequests: readonly MergeRequest[];
  passDays(days: number): void;
};

export const node = (from: string, to: string, lane: Change['lane'] = 'patch'): Change => ({
  lane,
  from: `node:${from}`,
  to: `node:${to}`,
});
export const nginx: Change = {
  from: 'nginx:1.28',
  to: 'nginx:1.29',
  files: { 'web/Dockerfile': 'FROM nginx:1.28\n' },
};

export async function withShop(use: (shop: Shop) => Promise<void>): Promise<void> {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'propose-'));
  try {
    await withGitlab(async (stage) => {
      const { gitlab, git: server, project } = stage;
      git(project.folder, 'config', 'uploadpack.allowFilter', 'true');
      git(project.folder, 'update-ref', '-d', 'refs/heads/basekeeper/node');
      commitTo(project.folder, 'main', { Dockerfile: 'FROM node:22.1\n', 'web/Dockerfile': 'FROM nginx:1.28\n' });
      const work = (changes: readonly Change[], settings: Partial<UpdateSettings> = {}): Work => ({
        gitlab: gitlab.origin,
        token: botToken,
        clone: `${server.origin}/acme/shop.git`,
        cacheFolder,
        base: headOf(project.folder, 'main') ?? '',
        now: gitlab.state.now,
        changes,
        settings,
        isDryRun: false,
        opened: 0,
        failuresInARow: 0,
      });
      const run: Shop['run'] = (changes, settings) => proposeOnce(work(changes, settings));
      await use({
        ...stage,
        work,
        run,
        tell: async (changes, settings) => tellRows(await run(changes, settings)),
        commit: (branch, files) => commitTo(project.folder, branch, files),
        head: (branch) => headOf(project.folder, branch),
        show: (branch, path) => git(project.folder, 'show', `${branch}:${path}`),
        mergeRequests: project.mergeRequests,
        passDays(days) {
          gitlab.state.now += days * 86_400_000;
        },
      });
    });
  } finally {
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

export function tellRows({ rows }: ProposalResult): string {
  return rows
    .map(({ action, branch, reason, failure }) => {
      const why = failure ?? reason;
      const name = branch.replace(/^basekeeper\/|-[0-9a-f]{16}$/g, '');
      return `${action} ${name}${why === undefined ? '' : ` (${why})`}`;
    })
    .join(', ');
}
