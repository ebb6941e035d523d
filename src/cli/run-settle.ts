import { findMergeStop } from '../config/environment.ts';
import { silentPullRequests } from '../domain/forge/token-gaps.ts';
import { canonicalReference } from '../domain/image/reference.ts';
import { defaultAutomerge } from '../domain/merge/automerge-settings.ts';
import { measureBases } from '../flows/merge/measure-bases.ts';
import { settle } from '../flows/merge/settle.ts';
import type { SettledRepository, SettleResult } from '../flows/merge/settle-result.ts';
import type { SettlePlace, SettleRun } from '../flows/merge/settle-run.ts';
import { verificationText } from '../render/merge/verification.ts';
import { pause } from '../wiring/clock.ts';
import { UsageError } from './failure.ts';
import type { RepositoryUpdates } from './gather-updates.ts';
import { type FleetOptions, type UpdateRun, withUpdateRun } from './update-run.ts';
import { workOnUpdates } from './work-on-updates.ts';

export type SettleOptions = FleetOptions & { readonly wait?: string };

type Prepared =
  | { readonly kind: 'place'; readonly place: SettlePlace }
  | { readonly kind: 'none'; readonly repository: SettledRepository };

/** Settles the pull requests of one repository, or of all of a fleet: all are read before the first is merged. */
export async function runSettle(paths: readonly string[], options: SettleOptions): Promise<SettleResult> {
  const waitMs = durationOf(options.wait ?? '0m');
  // What is checked out may be anybody's: who may merge is said by a file that is named, or by the fleet's.
  const isNamed = options.policy !== undefined || options.fleet !== undefined;
  return withUpdateRun(options, async (run) => {
    const { repositories: prepared, listings } = await workOnUpdates<Prepared>(paths, run, {
      use: async (updates) => ({ kind: 'place', place: placeOf(updates, run, isNamed) }),
      none: ({ named: { name }, left, failure, requests }) => {
        const why = { ...(left === undefined ? {} : { left }), ...(failure === undefined ? {} : { failure }) };
        return { kind: 'none', repository: { name, rows: [], ...why, requests } };
      },
    });
    const places = prepared.flatMap((one) => (one.kind === 'place' ? [one.place] : []));
    const none = prepared.flatMap((one) => (one.kind === 'none' ? [one.repository] : []));
    const settled = await settle(places, {
      clock: run.clock,
      pause,
      deadline: run.clock() + waitMs,
      stoppedBy: findMergeStop(),
      isDryRun: options.dryRun === true,
      isWhole:
        none.every(({ failure }) => failure === undefined) && listings.every(({ failure }) => failure === undefined),
      textOf: verificationText,
    } satisfies SettleRun);
    const repositories = [
      ...settled.map((one, at) => ({ ...one, requests: places[at]?.forge.requests() ?? 0 })),
      ...none,
    ];
    const isSilent = run.token.isOfJob && settled.some(({ rows }) => rows.length > 0);
    const tokenGaps = isSilent ? [silentPullRequests] : [];
    return { schemaVersion: 1, now: run.now, isDryRun: options.dryRun === true, repositories, listings, tokenGaps };
  });
}

function placeOf(
  { named, forge, branches, registry, request, evidence, policy }: RepositoryUpdates,
  { scans, now }: UpdateRun,
  isNamed: boolean,
): SettlePlace {
  const measuring = { verify: policy.verify, now: Date.parse(now), terms: policy.scanner };
  const settings = isNamed ? request.settings : { ...request.settings, automerge: defaultAutomerge };
  return {
    ...{ name: named.name, forge, branches, registry, request: { ...request, settings } },
    evidenceOf: (reference) => evidence.get(canonicalReference(reference)),
    ...(scans === undefined ? {} : { measure: ({ plans }) => measureBases(scans, registry, plans, measuring) }),
  };
}

/** `90s`, `15m`, `2h`. */
function durationOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const ms = new Map([
    ['s', 1000],
    ['m', 60_000],
    ['h', 3_600_000],
  ]).get(unit);
  if (ms === undefined) throw new UsageError(`--wait ${JSON.stringify(text)} is no duration: write 90s, 15m or 2h`);
  return Number(number) * ms;
}
