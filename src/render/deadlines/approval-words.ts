import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';

type Waiver = NonNullable<NonNullable<EpisodeResult['pause']>['waiver']>;

/** Whether the approval of a waiver is proven: `proven: ada in https://…`, `not proven: …`, `unknown: …`, `not asked for`. */
export function approvalWords({ approval }: Waiver): string {
  if (approval === null) return 'not asked for';
  const state = { proven: 'proven', 'not-proven': 'not proven', unknown: 'unknown' }[approval.proof];
  return `${state}: ${approval.words}`;
}
