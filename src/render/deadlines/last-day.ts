/** Of what holds up to an instant, the last whole day, as policy files name it. @param until ISO 8601. */
export function lastDay(until: string): string {
  return new Date(Date.parse(until) - 1).toISOString().slice(0, 10);
}
