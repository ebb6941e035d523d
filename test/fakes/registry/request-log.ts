import type { RequestKind } from '../../../src/ports/registry.ts';
import type { Route } from './route.ts';

/** One request as it came in, in the order of coming. */
export type LoggedRequest = {
  readonly kind: RequestKind | 'other';
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly route: Route;
  readonly accept: string | undefined;
  /** As it was sent, secrets and all: what a test asks for is mostly that there is none. */
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  /** Of a POST. */
  readonly form: Readonly<Record<string, string>>;
  /** How many were being answered when it came, itself included. */
  readonly inFlight: number;
  /** Absent while it is being answered, and for a connection that was cut. */
  status?: number;
};

export class RequestLog {
  readonly #requests: LoggedRequest[] = [];

  add(request: LoggedRequest): void {
    this.#requests.push(request);
  }

  all(kind?: LoggedRequest['kind']): readonly LoggedRequest[] {
    return this.#requests.filter((request) => kind === undefined || request.kind === kind);
  }

  /** How many of each kind, those that came not left out. */
  counts(): Readonly<Partial<Record<LoggedRequest['kind'], number>>> {
    const counts: Partial<Record<LoggedRequest['kind'], number>> = {};
    for (const { kind } of this.#requests) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  /** `HEAD /v2/library/node/manifests/24`, one each. */
  lines(): readonly string[] {
    return this.#requests.map(({ method, path, query }) => {
      const search = new URLSearchParams(query).toString();
      return `${method} ${path}${search === '' ? '' : `?${search}`}`;
    });
  }

  /** Most requests at one time. */
  mostInFlight(): number {
    return Math.max(0, ...this.#requests.map(({ inFlight }) => inFlight));
  }

  clear(): void {
    this.#requests.length = 0;
  }
}
