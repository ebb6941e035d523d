import type { EpisodeNotice, Notice } from '../../domain/notice/notice.ts';
import type { NoticeMessage } from '../../domain/notice/notice-message.ts';
import type { Instant } from '../../domain/source/instant.ts';
import { findingsOf } from '../deadlines/findings-of.ts';
import { count, familiar } from '../familiar.ts';
import { span } from '../span.ts';
import { short } from '../visible.ts';

/** Of a whole message; more than anybody reads, and less than Slack and Teams refuse. */
const maxLines = 40;

type Topic = {
  readonly isOf: (notice: EpisodeNotice) => boolean;
  readonly heading: string;
  /** In the title, behind a number. */
  readonly words: string;
  /** What is to be said of those of one use. */
  readonly tail: (notice: EpisodeNotice, now: Instant) => string;
};

const topics: readonly Topic[] = [
  {
    isOf: ({ what }) => what.kind === 'late',
    heading: 'Late',
    words: 'late',
    tail: ({ what }) => (what.kind === 'late' ? `late by ${span(what.lateMs)}` : ''),
  },
  ...([90, 75, 50] as const).map((percent) => ({
    isOf: ({ what }: EpisodeNotice) => what.kind === 'time-used' && what.percent === percent,
    heading: `${percent} % of the time is used`,
    words: `at ${percent} %`,
    tail: due,
  })),
  {
    isOf: ({ what }) => what.kind === 'wait-over',
    heading: 'The time runs again: no patched base came as long as it may be waited for',
    words: 'without a patched base',
    tail: (notice, now) => `${due(notice, now)}; upgrade the package in the Dockerfile, or take another line`,
  },
  {
    isOf: ({ what }) => what.kind === 'base-found',
    heading: 'A patched base is there',
    words: 'with a patched base',
    tail: (notice, now) => `${due(notice, now)}; basekeeper update writes it`,
  },
  {
    isOf: ({ what }) => what.kind === 'waiver-ending',
    heading: 'A waiver ends',
    words: 'whose waiver ends',
    tail: ({ what }, now) =>
      what.kind === 'waiver-ending' ? `until ${minute(what.until)}, in ${span(Math.max(0, what.until - now))}` : '',
  },
];

/** One message of all that a team has to be told; findings of one use are one line. */
export function writeMessage(team: string, notices: readonly Notice[], now: Instant): NoticeMessage {
  const ofEpisodes = notices.filter((notice): notice is EpisodeNotice => 'subject' in notice);
  const own = topics.map((topic) => ({ topic, notices: ofEpisodes.filter(topic.isOf) }));
  const automation = notices.flatMap((notice) => ('subject' in notice ? [] : [automationLine(notice, now)]));
  const all = [
    ...(automation.length === 0 ? [] : [{ heading: 'Monitoring does not work', lines: automation }]),
    ...own.map(({ topic, notices: some }) => ({ heading: topic.heading, lines: linesOf(topic, some, now) })),
  ].filter(({ lines }) => lines.length > 0);
  const counts = own.flatMap(({ topic, notices: some }) =>
    some.length === 0 ? [] : [`${some.length} ${topic.words}`],
  );
  const title = [...(automation.length === 0 ? [] : ['monitoring does not work']), ...counts].join(', ');
  const lines = all.reduce((sum, section) => sum + section.lines.length, 0);
  return {
    ...{ team, at: now, title: short(`Basekeeper, ${team}: ${title}`, 150), sections: within(all, maxLines) },
    footer: `${lines > maxLines ? `${count(lines - maxLines, 'line')} more: ` : ''}basekeeper deadlines lists all that is due.`,
    notices,
  };
}

function within(sections: NoticeMessage['sections'], lines: number): NoticeMessage['sections'] {
  let left = lines;
  return sections.flatMap((section) => {
    const taken = section.lines.slice(0, left);
    left -= taken.length;
    return taken.length === 0 ? [] : [{ heading: section.heading, lines: taken }];
  });
}

/** The most pressing first. */
function linesOf({ tail }: Topic, notices: readonly EpisodeNotice[], now: Instant): readonly string[] {
  const byDue = notices.toSorted((a, b) => (a.dueAt ?? Number.MAX_VALUE) - (b.dueAt ?? Number.MAX_VALUE));
  const groups = Map.groupBy(byDue, ({ subject: { repository, path, stage, image } }) =>
    JSON.stringify([repository, path, stage, image]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { repository, path, stage, image } = first.subject;
    const named = stage === '' || /^\d+$/.test(stage) ? '' : ` (${stage})`;
    const findings = findingsOf(group.map(({ subject, severity }) => ({ ...subject, severity })));
    return [`${familiar(image)} in ${short(`${repository} ${path}${named}`, 120)}: ${findings} – ${tail(first, now)}`];
  });
}

function due({ dueAt }: EpisodeNotice, now: Instant): string {
  if (dueAt === undefined) return 'due in the next release';
  return dueAt > now ? `due ${minute(dueAt)}, in ${span(dueAt - now)}` : `was due ${minute(dueAt)}`;
}

export function automationLine({ what }: Exclude<Notice, EpisodeNotice>, now: Instant): string {
  switch (what.kind) {
    case 'cycle-overdue': {
      const last =
        what.lastAt === undefined
          ? 'none was ever finished'
          : `the last one was finished ${minute(what.lastAt)}, ${span(now - what.lastAt)} ago`;
      return `basekeeper ${what.command} over this fleet: ${last}; deadlines may have changed since without anybody seeing it`;
    }
  }
}

function minute(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
