import { errors } from 'undici';

/**
 * `refused-address`: private, or another host, and not allowed. `timeout`: no whole answer in time. `too-large`: more than was allowed.
 * `interrupted`: the connection broke or the name server was busy, worth another try. `unreachable`: no such host, nobody
 * there, no trust. `malformed`: no HTTP, or a body that cannot be unpacked. `aborted`: whoever asked gave up.
 */
export type HttpErrorCode =
  | 'refused-address'
  | 'timeout'
  | 'too-large'
  | 'interrupted'
  | 'unreachable'
  | 'malformed'
  | 'aborted';

/** `message`: what happened, one clause, without the address that was asked and without secrets. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  constructor(code: HttpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const meanings: ReadonlyMap<string, readonly [HttpErrorCode, string]> = new Map([
  ['ECONNRESET', ['interrupted', 'the connection was cut']],
  ['EPIPE', ['interrupted', 'the connection was cut']],
  ['UND_ERR_SOCKET', ['interrupted', 'the connection was cut']],
  ['EAI_AGAIN', ['interrupted', 'the name server does not answer']],
  ['ETIMEDOUT', ['interrupted', 'it could not be connected to in time']],
  ['UND_ERR_CONNECT_TIMEOUT', ['interrupted', 'it could not be connected to in time']],
  ['UND_ERR_HEADERS_TIMEOUT', ['timeout', 'no answer in time']],
  ['UND_ERR_BODY_TIMEOUT', ['timeout', 'no whole answer in time']],
  ['UND_ERR_HEADERS_OVERFLOW', ['too-large', 'its headers are too long']],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', ['interrupted', 'the answer was cut short']],
  ['ENOTFOUND', ['unreachable', 'there is no such host']],
  ['ECONNREFUSED', ['unreachable', 'nothing listens there']],
  ['EHOSTUNREACH', ['unreachable', 'there is no way to the host']],
  ['ENETUNREACH', ['unreachable', 'there is no way to the host']],
  ['UND_ERR_DESTROYED', ['aborted', 'the client was closed']],
  ['UND_ERR_CLOSED', ['aborted', 'the client was closed']],
]);

/** Messages of libraries are not repeated, but for their codes: they may hold addresses and what was sent. */
export function httpErrorOf(error: unknown, deadline: AbortSignal, given: AbortSignal | undefined): HttpError {
  if (error instanceof HttpError) return error;
  if (deadline.aborted && deadline.reason instanceof HttpError) return deadline.reason;
  if (given?.aborted === true) return new HttpError('aborted', 'it was given up', { cause: error });
  const refused = refusalIn(error);
  if (refused !== undefined) return refused;
  const code = codeOf(error);
  const known = meanings.get(code);
  if (known !== undefined) return new HttpError(known[0], known[1], { cause: error });
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|EPROTO)/.test(code))
    return new HttpError('unreachable', `its certificate or TLS is not to be trusted (${code})`, { cause: error });
  if (error instanceof errors.HTTPParserError)
    return new HttpError('malformed', 'it does not speak HTTP', { cause: error });
  const hint = code === '' ? '' : ` (${code})`;
  return new HttpError('unreachable', `it cannot be reached${hint}`, { cause: error });
}

/** Of several addresses each one fails by itself. */
function refusalIn(error: unknown): HttpError | undefined {
  if (error instanceof AggregateError) return error.errors.find((one) => one instanceof HttpError);
  return error instanceof Error && error.cause instanceof HttpError ? error.cause : undefined;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}
