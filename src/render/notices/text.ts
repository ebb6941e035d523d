import type { MessageResult, NotifyResult } from '../../flows/notices/notify-result.ts';
import { count } from '../familiar.ts';
import { palette } from '../palette.ts';
import { table } from '../table.ts';
import { short, visible } from '../visible.ts';

/** Who was told of what; nothing where nobody had to be. A dry run shows the messages themselves. */
export function renderNotices(result: NotifyResult, color: boolean): string {
  const colors = palette(color);
  const { messages, problems, isDryRun } = result;
  const rows = messages.map((message) => [
    state(message, (verdict, text) => colors.verdict(verdict, text)),
    short(message.team, 40),
    short(message.channel, 80),
    count(message.notices, 'notice'),
    outcome(message),
  ]);
  const shown = isDryRun ? messages.flatMap(texts) : [];
  const told = problems.map(({ repository, message }) => `${short(repository, 80)}: ${short(message)}`);
  const lines = [...table(rows), ...shown, ...told];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function state({ state: name }: MessageResult, paint: (verdict: string, text: string) => string): string {
  return paint({ delivered: 'pass', planned: 'info', waiting: 'warn', failed: 'fail' }[name], name);
}

function outcome({ state: name, reason, notBefore, failures, message, issue }: MessageResult): string {
  if (issue !== undefined) return issueWords(issue);
  if (name === 'delivered' || name === 'planned') return short(message.title, 100);
  const next = notBefore === null ? '' : `; not before ${notBefore.slice(0, 16).replace('T', ' ')} UTC`;
  return `${short(reason ?? '', 160)} (${count(failures, 'failure')} in a row)${next}`;
}

function issueWords({ change, url }: NonNullable<MessageResult['issue']>): string {
  const said = { open: 'opened', change: 'changed', close: 'closed', none: 'commented on' }[change];
  return url === undefined ? said : `${said} ${short(url, 160)}`;
}

function texts({ team, channel, message, notices, issue }: MessageResult): readonly string[] {
  const { title, sections, footer } = message;
  const body = sections.flatMap(({ heading, lines }) => [`  ${heading}`, ...lines.map((line) => `  - ${line}`)]);
  const kept = issue === undefined ? [] : issue.body.split('\n').map((line) => `  | ${visible(line)}`);
  const told = issue !== undefined && notices === 0 ? [] : [`  ${title}`, ...body, `  ${footer}`];
  return ['', `${short(team, 40)}, ${short(channel, 80)}`, ...kept, ...told];
}
