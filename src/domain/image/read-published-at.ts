import { formatInstant } from '../source/instant.ts';

/** Docker's first release. Earlier dates are those of reproducible builds: 1970, 1980, or the year 1. */
const firstImageAt = Date.UTC(2013, 2, 1);

/**
 * A date that a registry or an image gives of itself.
 *
 * @param text ISO 8601 with a zone.
 * @returns the instant in UTC; `undefined` for none, and for dates before there were images.
 */
export function readPublishedAt(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text))
    return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) || at < firstImageAt ? undefined : formatInstant(at);
}
