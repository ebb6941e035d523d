import { type PullResult, type PullsResult, recentDays, type ShownPull } from '../flows/pulls.ts';
import { count } from './familiar.ts';
import { palette } from './palette.ts';
import { readableMarkdown } from './readable-markdown.ts';
import { table } from './table.ts';
import { short, visible } from './visible.ts';

type Style = { readonly color: boolean; readonly now: string };

/** One line a pull request: id, state, title, branches, age. */
export function formatPulls({ repository, pullRequests }: PullsResult, { color, now }: Style): string {
  const where = short(repository);
  if (pullRequests.length === 0)
    return `no pull request is open in ${where}, and none was closed in the last ${recentDays} days`;
  const colors = palette(color);
  const rows = pullRequests.map((one) => [
    colors.strong(short(one.id, 100)),
    one.state === 'open' ? colors.verdict('pass', stateOf(one)) : colors.faint(stateOf(one)),
    short(one.title, 80),
    `${short(one.branch, 80)} → ${short(one.baseBranch, 80)}`,
    colors.faint(ageOf(one.createdAt, now)),
  ]);
  const open = pullRequests.filter(({ state }) => state === 'open').length;
  const summary = `${open} open in ${where}, ${pullRequests.length - open} closed or merged in the last ${recentDays} days`;
  return `${[...table(rows), '', summary].join('\n')}\n`;
}

/** The text for a terminal: Markdown stays, but its tables are aligned, and what it hides from readers is left out. */
export function formatPull(pull: ShownPull, { color, now, width }: Style & { readonly width: number }): string {
  const colors = palette(color);
  const closed = pull.closedAt === null ? [] : [`${pull.state} ${pull.closedAt}`];
  const facts = [
    `${short(pull.id, 100)}: ${stateOf(pull)}`,
    `${short(pull.branch)} → ${short(pull.baseBranch)}`,
    `opened ${pull.createdAt} by ${short(pull.author, 100)}, ${ageOf(pull.createdAt, now)} ago`,
    ...closed,
    ...(pull.labels.length === 0 ? [] : [`labels ${pull.labels.map((label) => short(label, 100)).join(', ')}`]),
  ];
  const said = (pull.comments ?? []).map(
    ({ body, writtenAt }) => `${colors.strong(`Comment of ${writtenAt}`)}\n${readable(body, width)}`,
  );
  const head = [colors.strong(short(pull.title)), ...facts, colors.faint(short(pull.url, 1000))].join('\n');
  return `${[head, readable(pull.body, width), ...said].filter((text) => text !== '').join('\n\n')}\n`;
}

function readable(text: string, width: number): string {
  const lines = withoutComments(text).replaceAll('\t', '    ').split(/\r?\n/);
  return readableMarkdown(lines.map(visible), width).join('\n').trim();
}

function stateOf({ state, isDraft }: Pick<PullResult, 'state' | 'isDraft'>): string {
  return state === 'open' && isDraft ? 'draft' : state;
}

/** `<!-- … -->`; one that does not end is text. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf('<!--', at);
    const end = start < 0 ? -1 : text.indexOf('-->', start + 4);
    if (end < 0) return parts.concat(text.slice(at)).join('');
    parts.push(text.slice(at, start));
    at = end + 3;
  }
}

/** In the largest whole unit. */
function ageOf(instant: string, now: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(instant)) / 60_000));
  if (minutes < 60) return count(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}
