import { ForgeError, type ForgeErrorCode } from '../../ports/forge.ts';
import type { HttpError, HttpErrorCode } from '../http/http-error.ts';

const codes: Readonly<Record<HttpErrorCode, ForgeErrorCode>> = {
  'refused-address': 'invalid',
  timeout: 'unavailable',
  'too-large': 'malformed',
  interrupted: 'unavailable',
  unreachable: 'unavailable',
  malformed: 'malformed',
  aborted: 'unavailable',
};

/** A forge that gave no answer. @param doing completes "cannot …". */
export function transportFailure(doing: string, host: string, error: HttpError): ForgeError {
  return new ForgeError(codes[error.code], `cannot ${doing}: ${host}: ${error.message}`, { cause: error });
}
