import { ForgeError } from '../../ports/forge.ts';
import type { HttpError } from '../http/http-error.ts';
import { portCodeOf } from '../http/port-code.ts';

/** A forge that gave no answer. @param doing completes "cannot …". */
export function transportFailure(doing: string, host: string, error: HttpError): ForgeError {
  return new ForgeError(portCodeOf(error, 'invalid'), `cannot ${doing}: ${host}: ${error.message}`, { cause: error });
}
