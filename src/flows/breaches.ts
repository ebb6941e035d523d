import { parseReference, repositoryName } from '../domain/image/reference.ts';
import type { Breach } from '../domain/policy/baseline.ts';
import type { CheckResult, JudgedUse } from './check-result.ts';

/** Everything that is wrong at warn or above and not waived: what a baseline records. */
export function breachesOf(result: CheckResult): readonly Breach[] {
  return result.files.flatMap(({ path, uses }) =>
    uses.flatMap((use) =>
      use.rules
        .filter(({ verdict }) => verdict !== 'info' && verdict !== 'waived')
        .map(({ rule }) => ({ path, image: imageOf(use), rule })),
    ),
  );
}

/** As `judgeTree` names it to the baseline. */
function imageOf(use: JudgedUse): string {
  const actual = use.evidence?.image;
  if (actual !== undefined) return actual;
  const parsed = use.reference === null ? undefined : parseReference(use.reference);
  return parsed?.kind === 'ok' ? repositoryName(parsed.reference) : use.written;
}
