import { frozenNumbers } from '../../../src/domain/deadline/closed-episode.ts';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import { closingOf } from '../../../src/domain/deadline/milestones.ts';
import type { EpisodeLog } from '../../../src/ports/episode-log.ts';
import type { Exposure } from './exposures.ts';
import type { PatchingReplay } from './replay-patching.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The windows of policy 5.2.5, with the severity that has them. Which fix had which severity, nobody says. */
export const windows = [
  { name: '48 h', ms: 48 * hourMs, severity: 'critical' },
  { name: '7 d', ms: 7 * dayMs, severity: 'high' },
  { name: '30 d', ms: 30 * dayMs, severity: 'medium' },
] as const;

export type PaceFigures = {
  readonly pace: string;
  /** Of each window: mended within it, of what was mended or is older. `undefined`: of nothing. */
  readonly fromFix: Shares;
  /** As `fromFix`, from the later of detection and fix; of what was seen. */
  readonly fromStart: Shares;
  /** Closed in time as the program counts, which waits for a base for a while. */
  readonly counted: Shares;
  /** From the first push of a base with the fix to the release. */
  readonly ours: Spread;
  readonly fixes: number;
  readonly episodes: number;
  /** Merged before anybody looked. */
  readonly unseen: number;
  /** Without a release at the end. */
  readonly open: number;
};

export type Shares = Readonly<Record<(typeof windows)[number]['name'], number | undefined>>;
/** In days, by nearest rank. */
export type Spread = { readonly of: number; readonly median: number; readonly p90: number; readonly max: number };

export type SupplierFigures = { readonly suite: 'all' | 'security' | 'point' } & Spread & {
    /** Without a base that has it at the end. */
    readonly open: number;
    readonly within48h: number;
  };

export async function paceFigures(
  replay: PatchingReplay,
  exposures: readonly Exposure[],
  log: Pick<EpisodeLog, 'ofRepository'>,
): Promise<readonly PaceFigures[]> {
  const groups = [...Map.groupBy(exposures, ({ repository }) => repository.pace.name)];
  const figures: PaceFigures[] = [];
  for (const [pace, own] of groups) {
    const names = [...new Set(own.map(({ repository }) => repository.name))];
    const listed = await Promise.all(names.map((name) => log.ofRepository(name)));
    const during = listed
      .flat()
      .filter(({ events }) => events.some(({ at, what }) => what.kind === 'fix-available' && at > replay.from));
    const seen = own.filter(({ seenAt }) => seenAt !== undefined);
    figures.push({
      pace,
      fromFix: shares(own, ({ fix }) => fix.publishedAt, replay.until),
      fromStart: shares(seen, ({ seenAt = 0 }) => seenAt, replay.until),
      counted: Object.fromEntries(windows.map(({ name, severity }) => [name, inTime(during, severity)])) as Shares,
      ours: spread(
        own.flatMap(({ suppliedAt, mendedAt }) =>
          suppliedAt === undefined || mendedAt === undefined ? [] : [mendedAt - suppliedAt],
        ),
      ),
      fixes: own.length,
      episodes: during.length,
      unseen: own.length - seen.length,
      open: own.filter(({ mendedAt }) => mendedAt === undefined).length,
    });
  }
  return figures;
}

/** Of images, whoever uses them: each fix of each image once. */
export function supplierFigures(exposures: readonly Exposure[]): readonly SupplierFigures[] {
  const distinct = [
    ...new Map(exposures.map((one) => [`${one.repository.image} ${one.fix.source} ${one.fix.version}`, one])).values(),
  ];
  return (['all', 'security', 'point'] as const).map((suite) => {
    const own = distinct.filter(({ fix }) => suite === 'all' || fix.suite === suite);
    const lags = own.flatMap(({ suppliedAt, fix }) => (suppliedAt === undefined ? [] : [suppliedAt - fix.publishedAt]));
    const within48h = lags.filter((lag) => lag <= 2 * dayMs).length / own.length;
    return { suite, ...spread(lags), open: own.length - lags.length, within48h };
  });
}

function shares(exposures: readonly Exposure[], startOf: (one: Exposure) => number, end: number): Shares {
  const entries = windows.map(({ name, ms }) => {
    const decided = exposures.filter((one) => one.mendedAt !== undefined || end - startOf(one) > ms);
    const inside = decided.filter((one) => one.mendedAt !== undefined && one.mendedAt - startOf(one) <= ms);
    return [name, decided.length === 0 ? undefined : inside.length / decided.length];
  });
  return Object.fromEntries(entries) as Shares;
}

/** The same events by the default policy, with what nobody rated counted as one severity after the other. */
function inTime(
  episodes: Awaited<ReturnType<EpisodeLog['ofRepository']>>,
  severity: (typeof windows)[number]['severity'],
) {
  const settings = { ...defaultDeadlineSettings, unknownAs: severity };
  const judged = episodes.flatMap((episode) => {
    const end = closingOf(episode.events);
    return end === undefined ? [] : [frozenNumbers(episode, settings, end.at).isInTime === true];
  });
  return judged.length === 0 ? undefined : judged.filter(Boolean).length / judged.length;
}

function spread(spans: readonly number[]): Spread {
  const days = spans.map((ms) => ms / dayMs).sort((a, b) => a - b);
  const rank = (share: number) => days[Math.max(0, Math.ceil(days.length * share) - 1)] ?? Number.NaN;
  return { of: days.length, median: rank(0.5), p90: rank(0.9), max: rank(1) };
}
