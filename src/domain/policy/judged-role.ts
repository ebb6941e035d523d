import type { Role } from '../image/image-use.ts';
import type { Policy } from './policy.ts';

/** Whether the policy judges images in a role: those that pipelines run or that are deployed only if it says so. */
export function isJudgedRole(role: Role, { judge }: Pick<Policy, 'judge'>): boolean {
  return (role !== 'ci' || judge.ci) && (role !== 'deployed' || judge.deployed);
}
