import type { Policy } from '../../domain/policy/policy.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { PolicyFinding } from '../check-result.ts';
import type { CoveredUses } from './covered-uses.ts';
import { judgeTree } from './judge-tree.ts';

/** What `check` says of `dependabot.yml`, at the level that the policy sets for all of it, where it sets one. */
export async function dependabotFindings(
  workspace: Workspace,
  covered: readonly CoveredUses[],
  { update, dependabot: level }: Policy,
): Promise<readonly PolicyFinding[]> {
  if (level === 'off') return [];
  const { path, findings, problems } = await judgeTree(workspace, covered, update);
  const told = [
    ...problems.map(({ line, message }) => ({
      level: 'warn' as const,
      reason: message,
      ...(line > 0 ? { line } : {}),
    })),
    ...findings,
  ];
  return told.map(({ level: own, reason, line }) => ({
    rule: 'dependabot',
    verdict: level ?? own,
    reason,
    path,
    ...(line === undefined ? {} : { line }),
  }));
}
