import type { Instant } from '../../domain/source/instant.ts';
import type { HttpAnswer } from '../http/http-client.ts';

const shortestMs = 100;
const longestMs = 24 * 3_600_000;
const firstBackOffMs = 1000;
const longestBackOffMs = 60_000;

const units: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** How long an answer asks to wait: by header, by text of the body; `undefined` when it says nothing. At least 100 ms. */
export function readWaitMs({ headers, body }: Pick<HttpAnswer, 'headers' | 'body'>, now: Instant): number | undefined {
  const said =
    readRetryAfter(headers.get('retry-after')?.[0], now) ??
    readUnixTime(headers.get('x-retry-after')?.[0], now) ??
    readBodyText(Buffer.from(body.subarray(0, 4096)).toString('utf8'));
  return said === undefined ? undefined : Math.min(longestMs, Math.max(shortestMs, Math.ceil(said)));
}

/**
 * How long to wait when nobody says: up to 1 s, 2 s, 4 s … 60 s, at random, so that many do not come back at once.
 *
 * @param random from 0 up to 1.
 */
export function backOffMs(attempt: number, random: number): number {
  const most = Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(attempt, 10));
  return Math.max(shortestMs, Math.round(most * random));
}

/** Seconds or an HTTP date. Thirty years and more are no wait: some say when, as a unix time. */
function readRetryAfter(text: string | undefined, now: Instant): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,30}(?:\.\d{1,9})?$/.test(text.trim())) {
    const seconds = Number(text);
    return seconds < 1e9 ? seconds * 1000 : seconds * 1000 - now;
  }
  const at = /^[A-Za-z]{3}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - now;
}

/** Docker Hub's web API says when, not for how long. */
function readUnixTime(text: string | undefined, now: Instant): number | undefined {
  return text !== undefined && /^\d{9,30}$/.test(text.trim()) ? Number(text) * 1000 - now : undefined;
}

/** GHCR: `toomanyrequests: retry-after: 331µs, allowed: 44000/minute`; a duration as Go prints it. */
function readBodyText(text: string): number | undefined {
  const label = 'retry-after:';
  const at = text.toLowerCase().indexOf(label);
  if (at < 0) return undefined;
  const duration = text.slice(at + label.length, at + label.length + 40).trimStart();
  const part = /(\d{1,12}(?:\.\d{1,12})?)(ns|us|µs|μs|ms|s|m|h)/y;
  let sum: number | undefined;
  for (let found = part.exec(duration); found !== null; found = part.exec(duration))
    sum = (sum ?? 0) + Number(found[1]) * (units.get(found[2] ?? '') ?? 0);
  return sum;
}
