import type { ImageUse, UsedImage } from '../image/image-use.ts';
import type { Instruction } from './dockerfile.ts';
import type { LogicalLine } from './logical-line.ts';
import type { SplitInstruction } from './split-instruction.ts';

/** A use whose role the stage graph has yet to tell. */
export type DraftUse = Omit<ImageUse, 'role' | 'stage'> & {
  readonly purpose: 'base' | 'copy' | 'mount';
  readonly image: UsedImage;
};

/** `COPY --from=`, `RUN --mount=from=`: resolved once all stages are known, because any later stage may bear the name. */
export type PendingSource = { readonly logical: LogicalLine; readonly split: SplitInstruction };

/** A stage while it is read. */
export type StageDraft = {
  readonly index: number;
  readonly name: string | undefined;
  readonly line: number;
  readonly from: number | undefined;
  readonly base: DraftUse | undefined;
  /** False when a named context stands in for the whole stage: then nothing inside it is built. */
  readonly isBuilt: boolean;
  readonly instructions: Instruction[];
  readonly sources: PendingSource[];
  /** Sources in ONBUILD triggers, which fire in the stages built FROM this one. */
  readonly triggers: PendingSource[];
};
