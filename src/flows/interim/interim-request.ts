import type { Reference } from '../../domain/image/reference.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { UpdateStep } from '../../domain/update/update-plan.ts';
import type { Statement } from '../../domain/vulnerability/suppress/statement.ts';
import type { TreePlan } from '../update/tree-plan.ts';
import type { InterimPlace } from './interim-places.ts';

export type InterimRequest = {
  readonly places: readonly InterimPlace[];
  readonly policy: Policy;
  /** What VEX documents and ignore files say. */
  readonly statements: readonly Statement[];
  readonly now: Instant;
  /** Whether upgrades are to be written in; those that are needed no more go out in any case. */
  readonly isInserting: boolean;
  /** What would be proposed in the line of these references. */
  readonly stepsInLine: (isWanted: (reference: Reference) => boolean) => Promise<readonly UpdateStep[]>;
  readonly onScanned?: (done: number, total: number) => void;
};

export type InterimPlan = Pick<TreePlan, 'plans' | 'refused' | 'unanswered'>;
