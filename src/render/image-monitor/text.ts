import type { ImageMonitorResult } from '../../flows/image-monitor/image-monitor-result.ts';
import { palette } from '../palette.ts';
import { table } from '../table.ts';
import { short, visible } from '../visible.ts';
import { describeOutcome } from './describe-outcome.ts';
import { imageMonitorHeadline } from './headline.ts';

const verdicts = { unreachable: 'fail', exhausted: 'fail', updated: 'warn', retried: 'warn', pending: 'info' } as const;

/** What `image-monitor` prints for people. */
export function renderImageMonitor(result: ImageMonitorResult, { color }: { readonly color: boolean }): string {
  const colors = palette(color);
  const rows = result.images.map(({ name, reference, outcome }) => [
    colors.verdict(
      outcome.state in verdicts ? verdicts[outcome.state as keyof typeof verdicts] : 'pass',
      outcome.state,
    ),
    visible(name),
    reference,
    short(describeOutcome(outcome), 600),
  ]);
  const [first = '', ...more] = imageMonitorHeadline(result).map((line) => visible(line));
  return `${[...table(rows), '', colors.strong(first), ...more].join('\n')}\n`;
}
