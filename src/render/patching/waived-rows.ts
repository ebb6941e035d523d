import type { WaivedEpisode } from '../../flows/deadlines/report-patching.ts';
import { approvalWords } from '../deadlines/approval-words.ts';
import { lastDay } from '../deadlines/last-day.ts';
import { span } from '../span.ts';

export const waivedHeads = ['Waived', 'Where', 'For', 'Until', 'Waiver', 'Approved by', 'Approval'] as const;

/** Beneath `waivedHeads`. */
export function waivedCells({ episode, ageMs }: WaivedEpisode): readonly string[] {
  const { id, sourcePackage, repository, path, pause } = episode;
  return [
    `${id} ${sourcePackage}`,
    `${repository} ${path}`,
    span(ageMs),
    pause === null ? '' : lastDay(pause.until),
    pause?.waiver?.id ?? '',
    pause?.waiver?.approvedBy ?? '',
    pause?.waiver == null ? '' : approvalWords(pause.waiver),
  ];
}
