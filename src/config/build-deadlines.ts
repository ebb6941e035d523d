import type { DeadlineSettings, RatedSeverity } from '../domain/deadline/deadline-settings.ts';
import type { PolicyFile } from './policy-schema.ts';
import { describeReleaseImages, looserReleaseImages, mergeReleaseImages } from './release-images.ts';

type Written = NonNullable<PolicyFile['deadlines']>;

const hourMs = 3_600_000;
const rated: readonly RatedSeverity[] = ['critical', 'high', 'medium', 'low'];

/** `base` with what a file says of deadlines put over it. */
export function mergeDeadlines(base: DeadlineSettings, written: Written | undefined): DeadlineSettings {
  if (written === undefined) return base;
  const windows = rated.map((severity) => {
    const own = written[severity];
    return [severity, own === undefined ? base.windowsMs[severity] : msOf(own)] as const;
  });
  const awaited = rated.map((severity) => {
    const own = written.awaitBase?.[severity];
    return [severity, own === undefined ? base.awaitBaseMs[severity] : (msOf(own) ?? 0)] as const;
  });
  const { exploitedAs: _, ...rest } = base;
  const merged = {
    ...rest,
    ...exploitedOf(base, written.exploited),
    windowsMs: Object.fromEntries(windows.filter(([, ms]) => ms !== undefined)),
    // Every severity is there.
    awaitBaseMs: Object.fromEntries(awaited) as DeadlineSettings['awaitBaseMs'],
    clock: written.clock ?? base.clock,
    unknownAs: written.unknownAs ?? base.unknownAs,
    releases: written.releases ?? base.releases,
    releaseImages: mergeReleaseImages(base.releaseImages, written.releaseImages),
    isBuildCounted: written.buildStages ?? base.isBuildCounted,
    ...rebuildOf(written, base),
  };
  return { ...merged, version: versionOf(merged) };
}

/** One setting as a whole: the inputs of one workflow are none of another. */
function rebuildOf({ rebuild }: Written, base: DeadlineSettings): Pick<DeadlineSettings, 'rebuild'> {
  if (rebuild === undefined) return base.rebuild === undefined ? {} : { rebuild: base.rebuild };
  const { workflow, ref, inputs = {} } = rebuild;
  return {
    rebuild: { ...(workflow === undefined ? {} : { workflow }), ...(ref === undefined ? {} : { ref }), inputs },
  };
}

type Described = Required<Omit<Written, 'rebuild'>> & Pick<Written, 'rebuild'>;

/** In the words of the policy file. */
export function describeDeadlines(settings: DeadlineSettings): Described {
  const {
    windowsMs,
    awaitBaseMs,
    clock,
    unknownAs,
    releases,
    releaseImages,
    isBuildCounted,
    exploitedAs,
    exploitedList,
    rebuild,
  } = settings;
  const windows = (spans: DeadlineSettings['windowsMs']) => ({
    critical: textOf(spans.critical),
    high: textOf(spans.high),
    medium: textOf(spans.medium),
    low: textOf(spans.low),
  });
  return {
    ...windows(windowsMs),
    clock,
    awaitBase: windows(awaitBaseMs),
    unknownAs,
    releases,
    releaseImages: describeReleaseImages(releaseImages),
    exploited: { ...(exploitedList === undefined ? {} : { list: exploitedList }), as: exploitedAs ?? 'off' },
    buildStages: isBuildCounted,
    ...(rebuild === undefined ? {} : { rebuild }),
  };
}

function exploitedOf(
  { exploitedAs, exploitedList }: DeadlineSettings,
  written: Written['exploited'],
): Pick<DeadlineSettings, 'exploitedAs' | 'exploitedList'> {
  const as = written?.as ?? exploitedAs ?? 'off';
  const list = written?.list ?? exploitedList;
  return { ...(as === 'off' ? {} : { exploitedAs: as }), ...(list === undefined ? {} : { exploitedList: list }) };
}

/** What a repository's file says that is looser than its organisation's: keys and half sentences behind them. */
export function looserDeadlines(
  organisation: DeadlineSettings,
  written: Written,
): readonly { readonly key: string; readonly message: string }[] {
  return Object.entries(written).flatMap(([key, value]) => {
    if (key === 'releaseImages')
      return looserReleaseImages(organisation.releaseImages, written.releaseImages ?? {}).map((message) => ({
        ...{ key, message },
      }));
    // What a repository starts is its own.
    if (key === 'rebuild') return [];
    const severity = rated.find((one) => one === key);
    if (severity === undefined || typeof value !== 'string')
      return [{ key, message: "belongs to the organisation's file" }];
    const [before, after] = [organisation.windowsMs[severity], msOf(value)];
    if ((after ?? Number.POSITIVE_INFINITY) <= (before ?? Number.POSITIVE_INFINITY)) return [];
    const message = `would loosen ${textOf(before)} to ${value}; a repository may only be stricter`;
    return [{ key, message }];
  });
}

/** What counts, in one line: it stands in the numbers of every closed episode. */
function versionOf(settings: Omit<DeadlineSettings, 'version'>): string {
  const { critical, high, medium, low } = describeDeadlines({ ...settings, version: '' });
  return `${critical}/${high}/${medium}/${low} from ${settings.clock}`;
}

/** @returns `undefined` for `next-release`: no bound in time. */
function msOf(duration: string): number | undefined {
  if (duration === 'next-release') return undefined;
  return Number(duration.slice(0, -1)) * (duration.endsWith('d') ? 24 : 1) * hourMs;
}

function textOf(ms: number | undefined): string {
  if (ms === undefined) return 'next-release';
  return ms % (24 * hourMs) === 0 && ms > 48 * hourMs ? `${ms / (24 * hourMs)}d` : `${ms / hourMs}h`;
}
