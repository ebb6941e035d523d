import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { delaySentence } from '../deadlines/delay-sentence.ts';
import { findingsOf } from '../deadlines/findings-of.ts';
import { nextStep } from '../deadlines/next-step.ts';
import { familiar } from '../familiar.ts';
import { code } from '../markdown-text.ts';
import { span } from '../span.ts';
import { short } from '../visible.ts';

/** What one update closes, as a row of a list in Markdown: when it is due, what and where it is, whose turn, and the next step. */
export function standingRow(group: readonly EpisodeResult[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const { repository, path, stage, image } = first;
  const named = stage === '' || /^\d+$/.test(stage) ? '' : ` (${stage})`;
  const next = nextStep(first, '');
  return [
    `**${timeLeft(first)}**: ${code(familiar(image))} in ${code(short(`${repository} ${path}${named}`, 200))}, ${code(findingsOf(group))}`,
    `  ${code(short(delaySentence(first), 300))}${next === undefined ? '' : `  \n  → ${code(short(next, 300))}`}`,
  ].join('  \n');
}

function timeLeft({ leftMs, dueAt, dueIn, state, pause }: EpisodeResult): string {
  if (leftMs === null || dueAt === null) return dueIn === 'next-release' ? 'due in the next release' : 'not due';
  const at = `${dueAt.slice(0, 16).replace('T', ' ')} UTC`;
  if (state === 'late') return `late by ${span(Math.max(0, -leftMs))}, was due ${at}`;
  return pause === null ? `due ${at}, in ${span(leftMs)}` : `${span(leftMs)} left when the time goes on`;
}
