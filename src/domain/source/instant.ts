/** Milliseconds since 1970 in UTC. Names that end in `At` hold one. */
export type Instant = number;

export function formatInstant(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
