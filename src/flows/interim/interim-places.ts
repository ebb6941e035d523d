import type { Dockerfile } from '../../domain/dockerfile/dockerfile.ts';
import type { ImageUse } from '../../domain/image/image-use.ts';
import type { Reference } from '../../domain/image/reference.ts';
import { baseOf, findInterimLines, type InterimLine } from '../../domain/interim/interim-lines.ts';
import type { ReadFile } from '../read-dockerfile.ts';
import { isBuiltHere, type SubjectContext, subjectOf } from '../subject-of.ts';

/** A FROM that names an image, and what stands in the stages on it. */
export type InterimPlace = {
  readonly file: ReadFile;
  readonly use: ImageUse;
  /** After aliases. */
  readonly reference: Reference;
  readonly platform?: string;
  /** Its findings have deadlines. */
  readonly isCounted: boolean;
  /** Marked upgrades in the stages that are built on it. */
  readonly lines: readonly InterimLine[];
};

/** The bases of the Dockerfiles of a tree that may have interim upgrades, or have them. What a generator fills in is left to it. */
export function interimPlaces(files: readonly ReadFile[], context: SubjectContext): readonly InterimPlace[] {
  const { isBuildCounted } = context.policy.deadlines;
  return files.flatMap((file): readonly InterimPlace[] => {
    if (file.kind !== 'dockerfile') return [];
    const linesOf = new Map(file.dockerfiles.map((dockerfile) => [dockerfile, findInterimLines(dockerfile).value]));
    return file.uses.flatMap((placed): readonly InterimPlace[] => {
      const { use, dockerfile } = placed;
      if (dockerfile === undefined || !isBase(use, dockerfile)) return [];
      const lines = (linesOf.get(dockerfile) ?? []).filter(
        ({ stage }) => baseOf(dockerfile.stages[stage], dockerfile) === use,
      );
      const isCounted = use.role === 'final' || (isBuildCounted && use.role === 'build');
      if (!isCounted && lines.length === 0) return [];
      const { subject, chain } = subjectOf(placed, context);
      const { reference, platform } = subject;
      if (reference === undefined || isBuiltHere(chain)) return [];
      return [{ file, use, reference, ...(platform === undefined ? {} : { platform }), isCounted, lines }];
    });
  });
}

function isBase(use: ImageUse, { stages }: Dockerfile): boolean {
  return use.stage !== undefined && stages[use.stage.index]?.base === use;
}
