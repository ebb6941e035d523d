import type { UpdateSettings, UpdateWindow } from '../domain/update/update-settings.ts';
import { describeAutomerge, mergeAutomerge } from './automerge-schema.ts';
import type { PolicyFile } from './policy-schema.ts';

type UpdateFile = NonNullable<PolicyFile['update']>;

/** `base` with what a file says of updates put over it. */
export function mergeUpdate(base: UpdateSettings, written: UpdateFile | undefined): UpdateSettings {
  if (written === undefined) return base;
  const { window, minimumAge, snooze, limits, automerge, ...same } = written;
  const given = Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined));
  return {
    ...base,
    ...given,
    automerge: mergeAutomerge(base.automerge, automerge),
    ...(window === undefined ? {} : { window: windowOf(window) }),
    ...(minimumAge === undefined ? {} : { minimumAgeDays: daysOf(minimumAge) }),
    ...(snooze === undefined ? {} : { snoozeDays: daysOf(snooze) }),
    limits: {
      open: limits?.open ?? base.limits.open,
      perHour: limits?.perHour ?? base.limits.perHour,
      perRun: limits?.perRun ?? base.limits.perRun,
      failuresInARow: limits?.failuresInARow ?? base.limits.failuresInARow,
    },
  };
}

/** In the words of the policy file. */
export function describeUpdate({ window, minimumAgeDays, snoozeDays, automerge, ...same }: UpdateSettings): unknown {
  return {
    ...same,
    automerge: describeAutomerge(automerge),
    ...(window === undefined
      ? {}
      : {
          window: {
            ...(window.days.length === 0 ? {} : { days: window.days }),
            from: timeText(window.from),
            ...(window.to === 0 ? {} : { to: timeText(window.to) }),
          },
        }),
    minimumAge: `${minimumAgeDays}d`,
    snooze: `${snoozeDays}d`,
  };
}

function windowOf({ days, from, to }: NonNullable<UpdateFile['window']>): UpdateWindow {
  return { days: days ?? [], from: minutesOf(from ?? '00:00'), to: minutesOf(to ?? '00:00') };
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function timeText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function daysOf(text: string): number {
  return Number(text.slice(0, -1));
}
