import type { Notice } from '../../domain/notice/notice.ts';
import type { NoticeMessage } from '../../domain/notice/notice-message.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import type { WantedIssue } from '../../flows/notices/keep-issue.ts';
import type { TeamStanding } from '../../flows/notices/team-standing.ts';
import { groupsOf } from '../deadlines/groups-of.ts';
import { count } from '../familiar.ts';
import { code } from '../markdown-text.ts';
import { short } from '../visible.ts';
import { standingRow } from './standing-row.ts';
import { automationLine } from './write-message.ts';

/** In bytes; GitHub takes 65,536 characters, GitLab a megabyte. */
const maxBytes = 60_000;
const weekMs = 7 * 86_400_000;

const sections: readonly {
  readonly heading: string;
  readonly isOf: (episode: EpisodeResult, now: Instant) => boolean;
}[] = [
  { heading: 'Late', isOf: ({ state }) => state === 'late' },
  {
    heading: 'The waiver ends within a week',
    isOf: ({ pause }, now) => pause?.reason === 'waived' && Date.parse(pause.until) - now <= weekMs,
  },
  { heading: 'Due', isOf: ({ state }) => state === 'running' },
  { heading: 'The time stands still', isOf: ({ state }) => state === 'paused' },
];

/**
 * The issue of a team: all that is open and due of it, the most pressing first. What is without a fix is counted and keeps no issue
 * open. Whatever comes from outside stands in code, where it mentions nobody and links nowhere.
 */
export function writeIssue(
  { episodes, policy, scannedAt, unread, isKnown }: TeamStanding,
  due: readonly Notice[],
  message: NoticeMessage | undefined,
  { team, now }: { readonly team: string; readonly now: Instant },
): WantedIssue {
  const open = episodes.filter(({ state }) => state !== 'watching');
  const automation = due.flatMap((notice) => ('subject' in notice ? [] : [automationLine(notice, now)]));
  const isOpen = open.length > 0 || due.length > 0 || unread.length > 0;
  const left = new Set(open);
  const all = sections.map(({ heading, isOf }) => {
    const own = [...left].filter((episode) => isOf(episode, now));
    for (const episode of own) left.delete(episode);
    return { heading, rows: groupsOf(own).map((group) => ({ text: standingRow(group), findings: group.length })) };
  });
  const first = isKnown
    ? summary(open, team)
    : 'How it stands is not known: nothing was followed yet, or the ledger is gone.';
  const head = [isOpen ? first : `Nothing of ${code(team)} is due.`, ...automation.map(code)];
  const foot = [
    ...(unread.length === 0 ? [] : [unreadSentence(unread)]),
    ...unfixed(episodes.length - open.length),
    `Counted by ${code(policy)}${scannedAt === undefined ? '' : `, scanned last ${minute(scannedAt)}`}. \`basekeeper deadlines\` lists all.`,
    'This text is kept up to date: whatever else is written into it goes with the next change. What is new is told in comments.',
  ];
  return {
    // Of one that changes, forges tell each time.
    title: short(`Basekeeper: what is due of ${team}`, 200).replaceAll('@', '@\u2060'),
    body: within([...head], all, foot),
    isOpen,
    ...commentOf(isOpen, message, team),
  };
}

/** One that ends is told with its last sentence. */
function commentOf(isOpen: boolean, message: NoticeMessage | undefined, team: string): Pick<WantedIssue, 'comment'> {
  if (!isOpen) return { comment: { name: 'closed', body: `Nothing of ${code(team)} is due any more.` } };
  if (message === undefined) return {};
  const told = message.sections.flatMap(({ heading, lines }) => [`**${heading}**`, list(lines.map(code))]);
  return { comment: { name: 'told', body: [...told, code(message.footer)].join('\n\n') } };
}

function summary(open: readonly EpisodeResult[], team: string): string {
  const late = open.filter(({ state }) => state === 'late').length;
  return `**${count(open.length, 'finding')} of ${code(team)} open: ${late === 0 ? 'none late' : `${late} late`}.**`;
}

function unfixed(number: number): readonly string[] {
  return number === 0 ? [] : [`${count(number, 'finding')} without a fix ${number === 1 ? 'is' : 'are'} watched.`];
}

function unreadSentence(unread: readonly string[]): string {
  const some = unread.slice(0, 10).map(code).join(', ');
  const more = unread.length > 10 ? ` and ${unread.length - 10} more` : '';
  return `Whose it is could not be read in ${some}${more}: what lies there may be missing.`;
}

type Section = {
  readonly heading: string;
  readonly rows: readonly { readonly text: string; readonly findings: number }[];
};

/** As many rows as there is room for, and how much was left out. */
function within(head: readonly string[], all: readonly Section[], foot: readonly string[]): string {
  const size = (text: string) => new TextEncoder().encode(text).length + 2;
  let room = maxBytes - [...head, ...foot].reduce((sum, text) => sum + size(text), 0) - 200;
  let isFull = false;
  let leftOut = 0;
  const shown = all.flatMap(({ heading, rows }) => {
    const taken: string[] = [];
    for (const { text, findings } of rows) {
      const needed = size(text) + (taken.length === 0 ? size(heading) + 4 : 0);
      isFull ||= needed > room;
      if (isFull) leftOut += findings;
      else {
        room -= needed;
        taken.push(text);
      }
    }
    return taken.length === 0 ? [] : [`### ${heading}`, list(taken)];
  });
  const more = leftOut === 0 ? [] : [`${count(leftOut, 'finding')} more left out, for want of room.`];
  return [...head, ...shown, ...more, ...foot].join('\n\n');
}

function list(rows: readonly string[]): string {
  return rows.map((row) => `- ${row}`).join('\n');
}

function minute(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
