import type { ScanFacts } from '../policy/scan-facts.ts';
import { type Finding, findingKey, type SuppressedFinding } from '../vulnerability/scan.ts';
import type { EpisodeSubject } from './episode.ts';

/**
 * What a scan proves of one finding. `unproven`: it is stale, failed, could not look inside, or nobody publishes advisories for the
 * system, so that its silence means nothing. `ignored`: a list of the repository takes it out, which nobody approved.
 */
export type Evidence =
  | { readonly kind: 'present'; readonly finding: Finding }
  | { readonly kind: 'absent'; readonly digest: string }
  | { readonly kind: 'not-affected'; readonly by: SuppressedFinding }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unproven' };

export function evidenceOf(scan: ScanFacts, subject: Pick<EpisodeSubject, 'id' | 'sourcePackage'>): Evidence {
  if (scan.kind !== 'scanned') return { kind: 'unproven' };
  const key = findingKey(subject);
  const finding = scan.findings.find((one) => findingKey(one) === key);
  if (finding !== undefined) return { kind: 'present', finding };
  const suppressed = scan.suppressed.find((one) => findingKey(one) === key);
  if (suppressed?.status === 'not_affected') return { kind: 'not-affected', by: suppressed };
  if (suppressed !== undefined) return { kind: 'ignored' };
  return scan.isEndOfLife ? { kind: 'unproven' } : { kind: 'absent', digest: scan.digest };
}
