import type { ImageMonitorResult } from '../../flows/image-monitor/image-monitor-result.ts';
import { escapeData } from '../github.ts';
import { short } from '../visible.ts';
import { describeOutcome } from './describe-outcome.ts';

/** Workflow commands of GitHub Actions. An image that was not verified is an error, whether or not the job fails for it. */
export function imageMonitorAnnotations({ images, failure }: ImageMonitorResult): string {
  const lines = images.flatMap(({ reference, outcome }) => {
    if (outcome.state === 'unreachable') return [errorAnnotation(`${reference} was not verified: ${outcome.reason}`)];
    if (outcome.state === 'exhausted') return [errorAnnotation(`${reference}: ${describeOutcome(outcome)}`)];
    return [];
  });
  return [...lines, ...(failure === undefined ? [] : [errorAnnotation(failure)])].map((line) => `${line}\n`).join('');
}

export function errorAnnotation(message: string): string {
  return `::error title=basekeeper::${escapeData(short(message, 1000))}`;
}
