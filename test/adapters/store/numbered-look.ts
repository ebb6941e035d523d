import type { ComplianceLook } from '../../../src/ports/compliance-log.ts';
import { looked, placed } from '../../domain/compliance/looked.ts';

/** A look of a day of its own, that tells its number. */
export function numberedLook(number: number): ComplianceLook {
  return { repository: 'shop', at: (number + 1) * 86_400_000, compliance: looked(placed(number)) };
}
