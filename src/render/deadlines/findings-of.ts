import { severities } from '../../domain/vulnerability/severity.ts';
import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { short } from '../visible.ts';

/** `1 CRITICAL, 2 HIGH: CVE-2026-0001 openssl and 2 more`. */
export function findingsOf(group: readonly Pick<EpisodeResult, 'severity' | 'id' | 'sourcePackage'>[]): string {
  const counts = severities.flatMap((severity) => {
    const number = group.filter((one) => one.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity.toUpperCase()}`];
  });
  const [first] = group;
  const named = first === undefined ? '' : `${first.id} ${first.sourcePackage}`;
  return short(`${counts.join(', ')}: ${named}${group.length > 1 ? ` and ${group.length - 1} more` : ''}`, 90);
}
