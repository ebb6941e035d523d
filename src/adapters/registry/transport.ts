import { RegistryError, type RequestKind } from '../../ports/registry.ts';
import { type BodyReceiver, type HttpAnswer, type HttpClient, HttpError } from '../http/http-client.ts';
import type { HttpErrorCode } from '../http/http-error.ts';
import { HostLimiter, HostPaused, HostSilent, type Ticket, type Timing } from './host-limiter.ts';
import { type HostLimits, limitsOfOther } from './hosts.ts';
import { backOffMs, readWaitMs } from './read-wait.ts';
import { detailOf, rateLimited, refusalOf, refusalOfError } from './refusal.ts';
import type { RequestCounter } from './request-counter.ts';
import { isPrivateAllowed, type SettingsByHost, type Site } from './site.ts';

export type Ask = {
  readonly site: Site;
  readonly kind: RequestKind;
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Of the site, or of a host that it named. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes: number;
  /** Absent: as for every short answer. */
  readonly timeoutMs?: number;
  readonly idleMs?: number;
  /** Takes the body of a 200. It begins anew where a request is sent again. */
  readonly receiver?: BodyReceiver;
  readonly signal?: AbortSignal;
  /** What fails if this does: `cannot list tags of ghcr.io/acme/base`. */
  readonly what: string;
};

export type TransportOptions = {
  readonly http: HttpClient;
  readonly settings: SettingsByHost;
  readonly timing: Timing;
  readonly counter: RequestCounter;
  /** From 0 up to 1. */
  random(): number;
};

const timeoutMs = 30_000;
const maxRetries = 3;
const isSilence: ReadonlySet<HttpErrorCode> = new Set(['timeout', 'interrupted', 'unreachable']);
const worthRetrying = new Set([408, 500, 502, 503, 504]);

/**
 * Sends requests as politely as each host asks, and again where that helps.
 *
 * Answers 408, 429 and 5xx do not come out of here, but for the one that says that no pull is left.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #limiters = new Map<string, HostLimiter>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** @throws RegistryError */
  async send(ask: Ask): Promise<HttpAnswer> {
    const { random, timing, counter } = this.#options;
    const limiter = this.#limiterOf(ask);
    for (let attempt = 0; ; attempt += 1) {
      if (attempt > 0) counter.count(ask.site.name, 'retried');
      const outcome = await this.#attempt(ask, limiter, attempt);
      if (outcome.kind === 'answer') return outcome.answer;
      if (attempt >= maxRetries) throw outcome.error;
      if (outcome.kind === 'failed') await timing.sleep(backOffMs(attempt, random()));
    }
  }

  async #attempt(ask: Ask, limiter: HostLimiter, attempt: number): Promise<Outcome> {
    const { http, settings, counter } = this.#options;
    const { site, kind, url, what, ...request } = ask;
    try {
      return await limiter.run(async (ticket) => {
        counter.count(site.name, kind);
        const isAllowed = isPrivateAllowed(url.host, site, settings);
        const answer = await http.request({ timeoutMs, ...request, url, isPrivateAllowed: isAllowed });
        limiter.hear(true);
        return this.#judge(answer, ask, limiter, ticket, attempt);
      });
    } catch (error) {
      if (error instanceof HostPaused) throw rateLimited(what, url.host, site, error.until);
      if (error instanceof HostSilent)
        throw new RegistryError('unavailable', site.name, `${what}: ${url.host}: ${error.message}`);
      if (!(error instanceof HttpError)) throw error;
      if (isSilence.has(error.code)) limiter.hear(false);
      const refusal = refusalOfError(error, what, url.host, site);
      if (error.code === 'interrupted') return { kind: 'failed', error: refusal };
      throw refusal;
    }
  }

  #judge(answer: HttpAnswer, ask: Ask, limiter: HostLimiter, ticket: Ticket, attempt: number): Outcome {
    const { site, url, what } = ask;
    const { timing, random } = this.#options;
    const now = timing.clock();
    const isThrottled = answer.status === 429;
    if (!isThrottled && !worthRetrying.has(answer.status)) {
      limiter.speedUp();
      return { kind: 'answer', answer };
    }
    if (isThrottled && isPullLimit(ask, answer)) return { kind: 'answer', answer };
    const saidMs = readWaitMs(answer, now);
    if (!isThrottled && saidMs === undefined) return { kind: 'failed', error: refusalOf(answer, what, site) };
    // What was told the first time and did not help is not believed alone again.
    const ownMs = attempt > 0 || saidMs === undefined ? backOffMs(attempt, random()) : 0;
    const until = now + Math.max(saidMs ?? 0, ownMs);
    limiter.slowDown(until, ticket, site.profile.slowsToOne && url.host === site.host);
    const error = isThrottled ? rateLimited(what, url.host, site, until) : refusalOf(answer, what, site);
    return { kind: 'paused', error };
  }

  #limiterOf({ site, url }: Ask): HostLimiter {
    const known = this.#limiters.get(url.host);
    if (known !== undefined) return known;
    const limiter = new HostLimiter(this.#limitsOf(url.host, site), this.#options.timing);
    this.#limiters.set(url.host, limiter);
    return limiter;
  }

  #limitsOf(host: string, site: Site): HostLimits {
    const isOwn = host === site.host;
    const shipped = isOwn ? site.profile.limits : limitsOfOther(host);
    const own = this.#options.settings.get(isOwn ? site.name : host);
    return {
      maxInFlight: own?.maxInFlight ?? shipped.maxInFlight,
      requestsPerSecond: own?.requestsPerSecond ?? shipped.requestsPerSecond,
    };
  }
}

/** `failed`: again after a while. `paused`: again when the host allows it. */
type Outcome =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'failed' | 'paused'; readonly error: Error };

/** The limit of pulls is none of requests: what counts as no pull may still be asked. */
function isPullLimit({ site, kind, method }: Ask, answer: HttpAnswer): boolean {
  return (
    site.profile.countsPulls && kind === 'manifest' && method === 'GET' && /pull rate limit/i.test(detailOf(answer))
  );
}
