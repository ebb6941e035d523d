import type { Discovery, ImageMonitorResult, ImageOutcome } from '../../flows/image-monitor/image-monitor-result.ts';
import { count } from '../familiar.ts';

/** What came of a run, in sentences: the answer first, then what was done about it. */
export function imageMonitorHeadline({
  images,
  verified,
  isDryRun,
  discovery,
  commit,
  run,
  failure,
}: ImageMonitorResult): readonly string[] {
  const inState = (state: ImageOutcome['state']) => images.filter(({ outcome }) => outcome.state === state).length;
  const told = [
    ['updated', 'moved'],
    ['retried', 'to be built again'],
    ['pending', 'waiting for a run'],
    ['confirmed', 'confirmed'],
    ['exhausted', 'out of attempts'],
  ] as const;
  const counts = told.flatMap(([state, words]) => (inState(state) === 0 ? [] : [`${inState(state)} ${words}`]));
  // Never "all up to date" of what was not looked at.
  const isWhole = verified.count === verified.of;
  const rest = isWhole ? 'none has moved' : 'of those none has moved';
  return [
    `${verified.count} of ${count(verified.of, 'image')} verified: ${counts.length === 0 ? rest : counts.join(', ')}.`,
    ...(isWhole ? [] : [`Of ${count(verified.of - verified.count, 'image')} nothing is known.`]),
    ...(discovery === undefined ? [] : discoveryLines(discovery)),
    ...(isDryRun ? ['Dry run: nothing was written, pushed or started.'] : []),
    ...(commit === undefined ? [] : [`Pushed the commit ${commit}.`]),
    ...(run === undefined ? [] : [`Started run ${run.id}${run.url === '' ? '' : ` (${run.url})`}.`]),
    ...(failure === undefined
      ? []
      : [`Not finished: ${failure}. The digests of today are not stored; the next run does the rest again.`]),
  ];
}

const shownProblems = 5;

/** What could not be known is told, so that no image is forgotten in silence. */
function discoveryLines({ files, found, unresolved, problems }: Discovery): readonly string[] {
  const left = problems.length - shownProblems;
  return [
    `Of them ${found} found in ${count(files, 'file')}.`,
    ...(unresolved === 0
      ? []
      : [
          `Not monitored: ${count(unresolved, 'image use')} whose build arguments are not known; answer them with buildArgs.`,
        ]),
    ...problems.slice(0, shownProblems).map(({ path = '', line, message }) => {
      const place = `${path}${line === undefined || line === 0 ? '' : `:${line}`}`;
      return `Not read whole: ${place === '' ? '' : `${place}: `}${message}.`;
    }),
    ...(left > 0 ? [`… and ${count(left, 'more problem')}: basekeeper check tells them.`] : []),
  ];
}
