import type { TrackResult } from '../../flows/track/track-result.ts';
import { approvalLines } from '../approvals.ts';
import { count } from '../familiar.ts';
import type { Palette } from '../palette.ts';
import { waiverLines } from '../scans.ts';
import { wrap } from '../table.ts';
import { short } from '../visible.ts';

const maxOwnWords = 30;
const maxImages = 10;

/** What was written down of findings in what ships, and where to read on. */
export function deadlineBlock(tracked: TrackResult, colors: Palette, width: number): string {
  const {
    detected,
    reopened,
    merged,
    closed,
    breached,
    open,
    late,
    unproven,
    unasked,
    unread,
    unreadImages,
    words,
    exploited,
  } = tracked;
  const news = [
    [detected, 'new'],
    [reopened, 'back'],
    [merged, 'mended on the branch'],
    [closed, 'closed'],
    [breached, 'past the deadline since the last cycle'],
  ] as const;
  const told = news.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  const lateness = late === 0 ? 'none late' : colors.verdict('fail', `${late} late`);
  const first = `Deadlines: ${count(open, 'finding')} open, ${lateness}${told.length === 0 ? '' : `; ${told.join(', ')}`}`;
  const blind =
    unproven.length === 0
      ? []
      : [wrap(`${count(unproven.length, 'use')} without a scan that proves anything: the time runs on`, width, '  ')];
  const untold = unread.map(({ repository, reason }) =>
    wrap(
      `releases of ${short(repository)} could not be read, so that nothing of it is closed: ${short(reason, 400)}`,
      width,
      '  ',
    ),
  );
  const unshipped = unreadImages
    .slice(0, maxImages)
    .map(({ repository, image, reason }) =>
      wrap(
        `${short(image)}, which ${short(repository)} is released as, ends nothing: ${short(reason, 400)}`,
        width,
        '  ',
      ),
    );
  const byReason = Map.groupBy(unasked, ({ reason }) => reason);
  const unknown = [...byReason].map(([reason, of]) =>
    wrap(
      `what is proposed is not known for ${named(of.map(({ repository }) => repository))}: ${short(reason, 400)}`,
      width,
      '  ',
    ),
  );
  const own = ownWords(words).map((line) => wrap(line, width, '  '));
  return [
    first,
    ...blind,
    ...unknown,
    ...untold,
    ...unshipped,
    ...(unreadImages.length > maxImages ? [`  ${unreadImages.length - maxImages} more of these; --json has all`] : []),
    ...exploitedLines(exploited).map((line) => wrap(line, width, '  ')),
    ...own,
    ...(open === 0 ? [] : ['  basekeeper deadlines tells what is due by when']),
  ].join('\n');
}

function exploitedLines(exploited: TrackResult['exploited']): readonly string[] {
  if (exploited === undefined) return [];
  if (exploited.kind === 'refused')
    return [
      `which vulnerabilities are exploited could not be read, so that nothing is sped up: ${short(exploited.reason, 400)}`,
    ];
  const { open, source } = exploited;
  return open === 0 ? [] : [`${count(open, 'open finding')} known to be exploited, by ${short(source)}`];
}

function named(repositories: readonly string[]): string {
  const [first = ''] = repositories;
  return repositories.length === 1 ? short(first) : count(repositories.length, 'repository', 'repositories');
}

/** What stops clocks: VEX documents and waivers; then what of them has no effect. */
function ownWords({
  notAffected,
  waivers,
  approvals,
  waiverFindings,
  vexFindings,
}: TrackResult['words']): readonly string[] {
  const lines = [
    ...notAffectedLines(notAffected),
    ...waiverLines(waivers),
    ...approvalLines(approvals.filter(({ proof }) => proof.kind === 'proven')),
    ...waiverFindings.map(({ path, line, reason }) => `${place(path, line)}: ${short(reason, 600)}`),
    ...vexFindings.map(
      ({ repository, path, line, reason }) => `${short(repository)} ${place(path, line)}: ${short(reason, 600)}`,
    ),
  ];
  if (lines.length <= maxOwnWords) return lines;
  return [...lines.slice(0, maxOwnWords), `${lines.length - maxOwnWords} more of these; --json has all`];
}

function notAffectedLines(all: TrackResult['words']['notAffected']): readonly string[] {
  const byStatement = Map.groupBy(all, ({ repository, id, source }) => JSON.stringify([repository, id, source]));
  return [...byStatement.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { repository, id, sourcePackage, source, statement } = first;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const why = statement === undefined ? '' : `: ${short(statement, 200)}`;
    return [
      `not affected: ${short(id)} in ${short(sourcePackage)}${more}, by ${short(source)} of ${short(repository)}${why}`,
    ];
  });
}

function place(path: string, line: number | undefined): string {
  return line === undefined ? short(path) : `${short(path)}:${line}`;
}
