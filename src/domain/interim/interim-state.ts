import { evidenceOf } from '../deadline/scan-evidence.ts';
import type { ScanFacts } from '../policy/scan-facts.ts';
import { findingKey } from '../vulnerability/scan.ts';
import type { InterimMark } from './interim-mark.ts';

/**
 * Whether the upgrades that marks name are needed still. `needed`: the scan of the base shows one of them, waived or not. `caught-up`: it
 * is free of all. `unknown`: it proves nothing, so that nothing is to be removed for it.
 */
export type InterimState = 'needed' | 'caught-up' | 'unknown';

/** @param scan of the base of the stage */
export function interimState(marks: readonly InterimMark[], scan: ScanFacts | undefined): InterimState {
  if (scan?.kind !== 'scanned') return 'unknown';
  const waived = new Set((scan.waived ?? []).map(({ finding }) => findingKey(finding)));
  const kinds = marks.flatMap(({ ids, sourcePackage }) =>
    ids.map((id) => {
      const subject = { id, sourcePackage };
      return waived.has(findingKey(subject)) ? 'present' : evidenceOf(scan, subject).kind;
    }),
  );
  if (kinds.includes('present')) return 'needed';
  return kinds.every((kind) => kind === 'absent') ? 'caught-up' : 'unknown';
}
