import type { ListedTag } from './candidate.ts';

/** What is wrong with a line; lines count from 1. */
export type TagListProblem = { readonly line: number; readonly message: string };

export type TagList = { readonly tags: readonly ListedTag[]; readonly problems: readonly TagListProblem[] };

const maxTags = 500_000;
const maxProblems = 100;
const tagForm = /^\w[\w.-]{0,127}$/;
const dateForm = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads one tag a line, optionally followed by a tab and the day or instant of its push (ISO 8601); empty lines are
 * left out. What is wrong is told with its line, next to all that could be read; reading ends at the hundredth problem.
 */
export function parseTagList(text: string): TagList {
  const tags: ListedTag[] = [];
  const problems: TagListProblem[] = [];
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (const [at, written] of lines.entries()) {
    const line = written.endsWith('\r') ? written.slice(0, -1) : written;
    if (line === '') continue;
    if (tags.length === maxTags) {
      problems.push({ line: at + 1, message: `more than ${maxTags} tags` });
      break;
    }
    const read = parseLine(line);
    if (typeof read !== 'string') tags.push(read);
    else if (problems.push({ line: at + 1, message: read }) === maxProblems) break;
  }
  return { tags, problems };
}

function parseLine(line: string): ListedTag | string {
  const [tag = '', date, ...more] = line.split('\t');
  if (!tagForm.test(tag)) return `${quoted(tag)} is no tag: letters, digits, _ . - and at most 128 of them`;
  if (more.length > 0) return 'more than one tab: write the tag, a tab and the date of its push';
  if (date === undefined) return { tag };
  const pushedAt = dateForm.test(date) ? new Date(date) : undefined;
  // A day that no month has is moved on silently by the parser: the text has to come back.
  const isDay = pushedAt !== undefined && isCalendarDay(date.slice(0, 10)) && !Number.isNaN(pushedAt.getTime());
  if (!isDay) return `${quoted(date)} is no date: write 2026-11-23 or 2026-11-23T12:00:00Z`;
  return { tag, pushedAt: pushedAt.toISOString() };
}

function isCalendarDay(day: string): boolean {
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
