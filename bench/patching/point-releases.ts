import type { RepositoryHistory } from '../../test/fakes/history/history.ts';

const dayMs = 86_400_000;

/**
 * When a release of Debian had its point releases: the Saturday before the first official image that was tagged with the number.
 *
 * @param series `12`
 * @returns `YYYY-MM-DD`, oldest first
 */
export function pointReleasesOf(series: string, { events }: RepositoryHistory): readonly string[] {
  const first = new Map<string, string>();
  for (const { set = {} } of events)
    for (const tags of Object.values(set)) {
      const number = tags.find((tag) => tag.startsWith(`${series}.`) && /^\d+\.[1-9]\d*$/.test(tag));
      const [day] = tags.flatMap((tag) => /-(\d{8})$/.exec(tag)?.[1] ?? []);
      if (number !== undefined && day !== undefined && !first.has(number)) first.set(number, day);
    }
  return [...first.values()].map(saturdayBefore).sort();
}

function saturdayBefore(day: string): string {
  const at = Date.parse(day.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3'));
  const sinceSaturday = (new Date(at).getUTCDay() + 1) % 7;
  return new Date(at - sinceSaturday * dayMs).toISOString().slice(0, 10);
}
