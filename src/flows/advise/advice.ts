import type { Jump } from '../../domain/advise/rank.ts';
import type { Weight } from '../../domain/advise/weigh.ts';
import type { Severity } from '../../domain/vulnerability/severity.ts';
import type { ScanResult } from '../scan/scan-result.ts';

/** Which base to use instead: field for field its JSON. */
export type Advice = {
  readonly schemaVersion: 1;
  /** Canonical, after aliases. */
  readonly reference: string;
  readonly platform: string;
  /** Findings of this severity and worse are the ones that bases are ranked by. */
  readonly threshold: Severity;
  /** null where none answered: then nothing is ranked, and `failure` says why. */
  readonly scanner: NonNullable<ScanResult['scanner']> | null;
  readonly failure: string | null;
  readonly recommendation: AdvisedMove;
  /** Best first; the present one among them. */
  readonly ranked: readonly RankedBase[];
  /** What could not be looked into, and so is not known to be any better. */
  readonly unranked: readonly UnrankedBase[];
  /** Canonical references beyond the number of bases that were asked for. */
  readonly leftOut: readonly string[];
  /** Something was asked of the world and not learnt: another day the advice may be another one. */
  readonly isUnverified: boolean;
  /** What else was not learnt, one sentence each. */
  readonly notes: readonly string[];
};

export type AdvisedMove =
  | { readonly kind: 'move'; readonly reference: string; readonly digest: string }
  /** Nothing that was found is better. */
  | { readonly kind: 'stay' }
  /** `reason`: one clause. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type AdvisedBase = {
  /** Canonical. */
  readonly reference: string;
  /** `none`: the present one. */
  readonly jump: Jump;
  readonly reasons: readonly string[];
  /** Compressed, of the one platform. */
  readonly sizeBytes: number | null;
};

export type RankedBase = AdvisedBase &
  Pick<Weight, 'patchable' | 'bySeverity' | 'remaining'> & {
    /** Of the index, where there is one. */
    readonly digest: string;
    /** null for the present one, and where that could not be looked into. */
    readonly move: NonNullable<Weight['move']> | null;
    /** Why it is not to be used all the same. */
    readonly ruledOut: string | null;
    /** What a move to it may break, one clause each. */
    readonly breaks: readonly string[];
  };

export type UnrankedBase = AdvisedBase & {
  /** null where the registry has it not, or did not answer. */
  readonly digest: string | null;
  /** One clause. */
  readonly reason: string;
  /** Tried, and not come to an end: another day it may be known. */
  readonly isUnverified: boolean;
};
