import type { ImageMonitorResult, ImageOutcome } from '../../flows/image-monitor/image-monitor-result.ts';

/** The outputs of the job by name. Lists are JSON arrays of names, but for `unreachable-images`, which holds references. */
export function imageMonitorOutputs(result: ImageMonitorResult): ReadonlyMap<string, string> {
  const { images, verified, commit, run } = result;
  const inState = (...states: readonly ImageOutcome['state'][]) =>
    images.filter(({ outcome }) => states.includes(outcome.state));
  const namesOf = (...states: readonly ImageOutcome['state'][]) =>
    JSON.stringify(inState(...states).map(({ name }) => name));
  const started = inState('updated', 'retried');
  const digests = started.flatMap(({ name, outcome }) =>
    'digest' in outcome ? [[name, outcome.digest] as const] : [],
  );
  return new Map([
    ['updates-found', String(started.length > 0)],
    ['updated-images', namesOf('updated', 'retried')],
    ['new-images', namesOf('updated')],
    ['retried-images', namesOf('retried')],
    ['pending-images', namesOf('pending')],
    ['exhausted-images', namesOf('exhausted')],
    ['new-digests', JSON.stringify(Object.fromEntries(digests))],
    ['triggered', String(commit !== undefined || run !== undefined)],
    ['commit-sha', commit ?? ''],
    ['dispatched-run-id', run === undefined ? '' : String(run.id)],
    ['dispatched-run-url', run?.url ?? ''],
    ['images-configured', String(verified.of)],
    ['images-checked', String(verified.count)],
    ['unreachable-images', JSON.stringify(inState('unreachable').map(({ reference }) => reference))],
  ]);
}
