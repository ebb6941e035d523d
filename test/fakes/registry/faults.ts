import type { RequestKind } from '../../../src/ports/registry.ts';
import { type Answer, errorAnswer } from './answer.ts';

/** What goes wrong with an answer. */
export type Fault =
  /** Instead of the answer. `html`: a page, as proxies send it. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: 'json' | 'html' | 'empty' }
  | { readonly kind: 'throttle'; readonly dialect: ThrottleDialect; readonly waitMs: number }
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** The answer, but its bytes do not match their digest; length and headers do. */
  | { readonly kind: 'other-bytes' }
  /** The connection is reset before a word. */
  | { readonly kind: 'reset' }
  /** Headers and half of the body, then the connection ends. */
  | { readonly kind: 'truncated' }
  /** The answer and more bytes behind it, with the length of both. */
  | { readonly kind: 'longer' }
  /** Half of the answer, with the length of the half. */
  | { readonly kind: 'shorter' }
  /** Headers and half of the body; the rest waits for `release()`. */
  | { readonly kind: 'held-body' }
  /** Nothing before `release()`. */
  | { readonly kind: 'held' }
  /** A small body that unpacks to a gigabyte. */
  | { readonly kind: 'bomb' }
  /** A body that goes on for as long as it is read. */
  | { readonly kind: 'endless' };

/** The four ways in which registries say 429, and none. */
export type ThrottleDialect =
  | 'retry-after-seconds'
  | 'retry-after-date'
  | 'x-retry-after'
  | 'ghcr-body'
  | 'hub-body'
  | 'none';

export type FaultRule = {
  readonly fault: Fault;
  /** Absent: every request. */
  readonly on?: readonly (RequestKind | 'other')[];
  readonly repository?: string;
  /** Of the one blob. */
  readonly digest?: string;
  /** Absent: until it is cleared. */
  readonly times?: number;
};

/** Rules are tried in the order they were made; the first that fits is used up by one. */
export class Faults {
  #rules: { readonly rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#rules = [];
  }

  take(kind: RequestKind | 'other', repository: string | undefined, digest: string | undefined): Fault | undefined {
    const found = this.#rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (rule.on?.includes(kind) ?? true) &&
        (rule.repository === undefined || rule.repository === repository) &&
        (rule.digest === undefined || rule.digest === digest),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule.fault;
  }
}

/** The faults that are an answer of their own. */
export function answerOfFault(fault: Fault, now: number): Answer | undefined {
  switch (fault.kind) {
    case 'status':
      return statusAnswer(fault.status, fault.body ?? 'json');
    case 'throttle':
      return throttleAnswer(fault.dialect, fault.waitMs, now);
    case 'redirect':
      return { status: fault.status ?? 307, headers: { Location: fault.to }, body: Buffer.alloc(0) };
    case 'bomb':
    case 'other-bytes':
    case 'reset':
    case 'truncated':
    case 'held-body':
    case 'held':
    case 'endless':
    case 'longer':
    case 'shorter':
      return undefined;
  }
}

function statusAnswer(status: number, body: 'json' | 'html' | 'empty'): Answer {
  switch (body) {
    case 'json':
      return errorAnswer(status, { code: 'UNKNOWN', message: 'unknown error' });
    case 'html':
      return {
        status,
        headers: { 'Content-Type': 'text/html' },
        body: Buffer.from(`<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`),
      };
    case 'empty':
      return { status, headers: {}, body: Buffer.alloc(0) };
  }
}

function throttleAnswer(dialect: ThrottleDialect, waitMs: number, now: number): Answer {
  const plain = (text: string, headers: Answer['headers'] = {}): Answer => ({
    status: 429,
    headers: { 'Content-Type': 'text/plain', ...headers },
    body: Buffer.from(text),
  });
  const seconds = Math.ceil(waitMs / 1000);
  switch (dialect) {
    case 'retry-after-seconds':
      return errorAnswer(429, tooMany('slow down'), { 'Retry-After': String(seconds) });
    case 'retry-after-date':
      // An HTTP date has no milliseconds: never earlier than said.
      return errorAnswer(429, tooMany('slow down'), {
        'Retry-After': new Date(Math.ceil((now + waitMs) / 1000) * 1000).toUTCString(),
      });
    case 'x-retry-after':
      return plain('', { 'X-Retry-After': String(Math.ceil((now + waitMs) / 1000)) });
    case 'ghcr-body':
      return errorAnswer(429, tooMany(`retry-after: ${goDuration(waitMs)}, allowed: 44000/minute`));
    case 'hub-body':
      return plain('Too Many Requests');
    case 'none':
      return errorAnswer(429, tooMany('too many requests'));
  }
}

function tooMany(message: string): { readonly code: string; readonly message: string } {
  return { code: 'TOOMANYREQUESTS', message };
}

/** As Go prints it: the unit that makes it short. */
function goDuration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)}µs`;
  return ms < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}
