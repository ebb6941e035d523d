import { parsePlatform } from '../../domain/image/platform.ts';
import { repositoryName } from '../../domain/image/reference.ts';
import type { Statement } from '../../domain/vulnerability/suppress/statement.ts';
import { type Suppressed, suppress } from '../../domain/vulnerability/suppress/suppress.ts';
import type { ResolvedImage } from './resolve-image.ts';
import type { ScannedFacts } from './scan-images.ts';

export type TakingOut = {
  readonly takeOut: (facts: ScannedFacts, image: Pick<ResolvedImage, 'reference' | 'namedDigest'>) => ScannedFacts;
  /** What became of the statements in each image so far. */
  readonly images: readonly Suppressed[];
};

/** Takes out of findings what statements of a tree take out, and remembers which of them did. @param today ISO date. */
export function startTakingOut(statements: readonly Statement[], today: string): TakingOut {
  const images: Suppressed[] = [];
  return {
    images,
    takeOut(facts, { reference, namedDigest }) {
      const suppressed = suppress(facts.findings, statements, {
        ...architectureOf(facts.platform),
        ...{ imageDigest: facts.digest, indexDigest: namedDigest, repository: repositoryName(reference), today },
      });
      images.push(suppressed);
      return { ...facts, findings: suppressed.findings, suppressed: [...facts.suppressed, ...suppressed.suppressed] };
    },
  };
}

function architectureOf(platform: string): { readonly architecture?: string } {
  const parsed = parsePlatform(platform);
  return parsed === undefined ? {} : { architecture: parsed.architecture };
}
