import type { Instant } from '../source/instant.ts';
import { type UpdateWindow, weekdays } from './update-settings.ts';

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

/** Whether an instant lies in the window. Past midnight a window still belongs to the day on which it began. */
export function isInWindow(window: UpdateWindow | undefined, at: Instant): boolean {
  if (window === undefined) return true;
  const { days, from, to } = window;
  const minute = Math.floor(at / minuteMs);
  const ofDay = minute % dayMinutes;
  const isDay = (day: number) => {
    // The first of January 1970 was a Thursday.
    const name = weekdays[(day + 3) % 7];
    return days.length === 0 || (name !== undefined && days.includes(name));
  };
  const today = Math.floor(minute / dayMinutes);
  if (from < to) return isDay(today) && ofDay >= from && ofDay < to;
  return (isDay(today) && ofDay >= from) || (isDay(today - 1) && ofDay < to);
}
