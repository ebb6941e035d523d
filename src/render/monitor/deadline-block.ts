import type { TrackResult } from '../../flows/track/track-result.ts';
import { count } from '../familiar.ts';
import type { Palette } from '../palette.ts';
import { wrap } from '../table.ts';
import { short } from '../visible.ts';

/** What was written down of findings in what ships, and where to read on. */
export function deadlineBlock(tracked: TrackResult, colors: Palette, width: number): string {
  const { detected, reopened, merged, closed, breached, open, late, unproven, unread } = tracked;
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
  return [first, ...blind, ...untold, ...(open === 0 ? [] : ['  basekeeper deadlines tells what is due by when'])].join(
    '\n',
  );
}
