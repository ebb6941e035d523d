import { multiStageRules } from '../../domain/policy/rules/multi-stage/multi-stage-rules.ts';
import type { RuleBreach } from '../../domain/verify/gate-facts.ts';
import { check } from '../check.ts';
import type { VerifiedTree, VerifyRequest } from './verify-request.ts';

/** What the multi-stage rules find in these files of a tree, at the policy's levels; notes and what is waived left out. */
export async function multiStageBreaches(
  { workspace }: VerifiedTree,
  paths: ReadonlySet<string>,
  { survey, catalog, now }: VerifyRequest,
): Promise<(path: string) => readonly RuleBreach[]> {
  const request = { ...survey, catalog, now, rules: multiStageRules, isPartial: true, only: paths, explain: false };
  const { files } = await check({ workspace }, request);
  const breaches = new Map(
    files.map(({ path, uses }) => {
      const found = uses
        .flatMap(({ rules }) => rules)
        .filter(({ verdict }) => verdict === 'warn' || verdict === 'fail');
      return [path, found.map(({ rule, reason }): RuleBreach => ({ rule, reason }))];
    }),
  );
  return (path) => breaches.get(path) ?? [];
}
