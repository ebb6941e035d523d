import type { ImageMonitorResult } from '../../flows/image-monitor/image-monitor-result.ts';
import { count } from '../familiar.ts';
import { code, escapeMarkdown } from '../markdown-text.ts';
import { describeOutcome } from './describe-outcome.ts';
import { imageMonitorHeadline } from './headline.ts';

// GitHub takes a mebibyte per step.
const maxRows = 500;

/** For the step's summary: Markdown. */
export function imageMonitorSummary(result: ImageMonitorResult): string {
  const { images } = result;
  const rows = images
    .slice(0, maxRows)
    .map(
      ({ name, reference, outcome }) =>
        `| ${escapeMarkdown(name)} | ${code(reference)} | ${outcome.state === 'unreachable' ? '**not verified**' : outcome.state} | ${escapeMarkdown(describeOutcome(outcome))} |`,
    );
  return [
    '### Base images',
    '',
    ...imageMonitorHeadline(result).map((line) => `${escapeMarkdown(line)}<br>`),
    '',
    '| name | image | state | |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(images.length > maxRows ? ['', `… and ${count(images.length - maxRows, 'image')} more.`] : []),
    '',
  ].join('\n');
}
