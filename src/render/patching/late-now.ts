import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { type PatchReport, reportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { delaySentence } from '../deadlines/delay-sentence.ts';
import { findingsOf } from '../deadlines/findings-of.ts';
import { count, familiar } from '../familiar.ts';
import { span } from '../span.ts';
import { short } from '../visible.ts';
import { escapeXml } from '../xml.ts';
import { faultNames } from './episode-rows.ts';
import { faultTones } from './html-table.ts';

/** Rows on the first screen; all of them are in the list below. */
const maxRows = 8;

const heads = ['Late by', 'Whose delay', 'Who answers', 'What', 'Why, and whose turn it is now'];

/** On the first screen what is late now: by how long, by whose delay, and who answers for it. What one update closes is one row. */
export function lateNow(report: PatchReport): string {
  const late = report.followed
    .filter(({ standing }) => standing.state === 'late')
    .map((one) => reportedEpisode(report, one))
    .toSorted((a, b) => (b.lateMs ?? 0) - (a.lateMs ?? 0));
  if (late.length === 0) return '';
  const groups = [...Map.groupBy(late, groupKey).values()];
  const left = groups.slice(maxRows).flat().length;
  const caption = `${count(late.length, 'finding')}, the longest first${left === 0 ? '' : `; ${left} more below`}`;
  const head = heads.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<section><h2>Late now</h2><div class="scroll late"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${groups.slice(0, maxRows).map(row).join('\n')}</tbody></table></div></section>`;
}

function groupKey({ repository, path, stage, platform, image, fault, delay }: EpisodeResult): string {
  return JSON.stringify([repository, path, stage, platform, image, fault, delay?.reason]);
}

function row(group: readonly EpisodeResult[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const { lateMs, fault, owner, team, image, repository, path } = first;
  const who = [owner, team].filter((name) => name !== null).join(', ') || repository;
  const what = `${findingsOf(group)}, in ${familiar(image)} of ${repository} ${path}`;
  const cells = [
    `<b>${escapeXml(span(lateMs ?? 0)).replaceAll(' ', '&#160;')}</b>`,
    fault === null ? '' : `<span class="verdict ${faultTones[fault]}">${faultNames[fault]}</span>`,
    escapeXml(short(who, 60)),
    escapeXml(short(what, 240)),
    escapeXml(short(delaySentence(first), 300)),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
