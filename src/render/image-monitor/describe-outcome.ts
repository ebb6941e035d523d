import { cutDigest } from '../../domain/image/cut-digest.ts';
import { describeCause } from '../../domain/monitor/describe-event.ts';
import type { ImageOutcome } from '../../flows/image-monitor/image-monitor-result.ts';

/** One clause: what is told of an image, and what comes of it. */
export function describeOutcome(outcome: ImageOutcome): string {
  switch (outcome.state) {
    case 'unreachable':
      return outcome.reason;
    case 'unchanged':
      return `still ${cutDigest(outcome.digest)}`;
    case 'same-content':
      return `now ${cutDigest(outcome.digest)}: another index over the same images`;
    case 'updated': {
      if (outcome.from === undefined) return `${cutDigest(outcome.digest)}, seen for the first time`;
      const why = outcome.cause === undefined ? '' : `: ${describeCause(outcome.cause)}`;
      return `${cutDigest(outcome.from)} → ${cutDigest(outcome.digest)}${why}`;
    }
    case 'retried':
      return `run ${outcome.failedRun.id} for ${cutDigest(outcome.digest)} did not succeed; attempt ${outcome.attempt}`;
    case 'pending':
      return outcome.run === 'running'
        ? `waits for run ${outcome.of.id} for ${cutDigest(outcome.digest)}`
        : `whether run ${outcome.of.id} for ${cutDigest(outcome.digest)} ended cannot be told now; looked at again next time`;
    case 'confirmed':
      return `run ${outcome.by.id} for ${cutDigest(outcome.digest)} succeeded`;
    case 'exhausted':
      return `${outcome.attempts} runs for ${cutDigest(outcome.digest)} did not succeed, the last was ${outcome.failedRun.id}; mend it and start the workflow by hand, or wait for the next rebuild`;
  }
}
