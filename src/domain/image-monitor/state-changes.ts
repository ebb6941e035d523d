import type { StartedRun } from '../forge/started-run.ts';
import type { Digest } from '../image/manifest.ts';
import type { Decision } from './decide-image.ts';
import { type MonitoredImage, pendingVariable } from './monitored-image.ts';
import { formatPendingRecord } from './pending-record.ts';

/** One image with the digest that its tag stands for and what is to be done about it. */
export type DecidedImage = { readonly image: MonitoredImage; readonly seen: Digest; readonly decision: Decision };

/** `value` absent: the name is removed. */
export type StateChange = { readonly name: string; readonly value: string | undefined };

/**
 * What is kept of a run over all images, in the order of writing: a digest stands before its record goes.
 *
 * @param run that was started for updates and retries; absent where no workflow is started: updates are handled then.
 */
export function stateChanges(decided: readonly DecidedImage[], run: StartedRun | undefined): readonly StateChange[] {
  return decided.flatMap((one) => changesOf(one, run));
}

function changesOf({ image, seen, decision }: DecidedImage, run: StartedRun | undefined): readonly StateChange[] {
  const digest = { name: image.variable, value: seen };
  const pending = pendingVariable(image.variable);
  switch (decision.kind) {
    case 'unchanged':
    case 'waiting':
    case 'exhausted':
      return [];
    case 'same-content':
      return [digest];
    case 'confirmed':
      return [digest, { name: pending, value: undefined }];
    case 'update':
      return run === undefined ? [digest] : [{ name: pending, value: recordOf(seen, run, 1) }];
    case 'retry':
      return run === undefined ? [] : [{ name: pending, value: recordOf(seen, run, decision.attempt) }];
  }
}

function recordOf(digest: Digest, run: StartedRun, attempts: number): string {
  return formatPendingRecord({ digest, runId: run.id, runUrl: run.url, attempts });
}
