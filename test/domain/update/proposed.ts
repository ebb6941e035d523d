import { parseReference, type Reference, repositoryName } from '../../../src/domain/image/reference.ts';
import { planProposals } from '../../../src/domain/update/plan-proposals.ts';
import type { Proposal } from '../../../src/domain/update/proposal.ts';
import type { UpdateLane, UpdatePlan } from '../../../src/domain/update/update-plan.ts';

/** `digest('a')`: of 64 times the same digit. */
export const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

export const author = { name: 'Keeper', email: 'keeper@example.com' };

export type Change = {
  readonly lane?: UpdateLane;
  readonly from: string;
  readonly to: string;
  /** By default one Dockerfile that is nothing but its FROM. */
  readonly files?: Readonly<Record<string, string>>;
};

/** What a change of the first place that spells an image looks like, as a plan. */
export function planOf({ lane = 'minor', from, to, files = { Dockerfile: `FROM ${from}\n` } }: Change): UpdatePlan {
  const entries = Object.entries(files).map(([path, before]) => ({ path, before, start: before.indexOf(from) }));
  return {
    lane,
    image: repositoryName(referenceOf(from)),
    steps: [
      {
        lane,
        from: referenceOf(from),
        to: referenceOf(to),
        reasons: ['newer'],
        uses: entries.map(({ path }) => ({ path, line: 1, role: 'final', before: from, after: to })),
      },
    ],
    files: entries.map(({ path, before, start }) => ({
      path,
      before,
      edits: [{ span: { start, end: start + from.length }, text: to }],
    })),
  };
}

export function proposalsOf(changes: readonly Change[], group: 'image' | 'repository' = 'image'): readonly Proposal[] {
  const settings = { group, commitPrefix: 'build(deps)', signOff: false };
  return planProposals({ repository: 'acme/shop', plans: changes.map(planOf), settings, author });
}

export function proposalOf(change: Change): Proposal {
  const [proposal] = proposalsOf([change]);
  if (proposal === undefined) throw new Error('a change of nothing');
  return proposal;
}

function referenceOf(text: string): Reference {
  const parsed = parseReference(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return parsed.reference;
}
