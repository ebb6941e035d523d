import type { ReportedWaiver } from '../../flows/deadlines/report-patching.ts';
import { count } from '../familiar.ts';
import { span } from '../span.ts';

export const waiverHeads = [
  'Waiver',
  'Of',
  'In',
  'Seen since',
  'Age',
  'Until',
  'Approved by',
  'Covers',
  'Stops',
] as const;

/** Beneath `waiverHeads`. */
export function waiverCells(waiver: ReportedWaiver): readonly string[] {
  const { id, of, image, path, repositories, seenSince, ageMs, until, isExpired, approvedBy, episodes } = waiver;
  const [first = ''] = repositories;
  return [
    id,
    `${of.join(', ') || 'all'} of ${image}${path === null ? '' : ` in ${path}`}`,
    repositories.length === 1 ? first : count(repositories.length, 'repository', 'repositories'),
    seenSince.slice(0, 10),
    span(ageMs),
    `${until}${isExpired ? ', expired' : ''}`,
    approvedBy ?? '–',
    coverText(waiver),
    episodes.length === 0 ? '–' : count(episodes.length, 'clock'),
  ];
}

/** One that stops a clock is needed, whatever rules say. */
function coverText({ covers, episodes, isExpired }: ReportedWaiver): string {
  if (covers === null) return 'not looked at';
  if (covers === 0 && episodes.length === 0) return isExpired ? 'nothing any more' : 'nothing: remove it';
  return count(covers, 'finding');
}
