import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { HttpError } from './http-error.ts';
import { rangeRefused } from './public-address.ts';

/**
 * Resolves a name to its public addresses only. The connector connects to what this returns and asks no second time, so
 * that a name server cannot answer one thing to the check and another to the connection.
 */
export function createPublicLookup(resolve: typeof lookup = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const allowed = addresses.filter(({ address }) => rangeRefused(address) === undefined);
      const [first] = allowed;
      if (first === undefined) {
        callback(refusal(hostname, addresses[0]?.address), '');
        return;
      }
      if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(hostname: string, address: string | undefined): HttpError {
  if (address === undefined) return new HttpError('unreachable', `${hostname} has no address`);
  return new HttpError('refused-address', `${hostname} has no public address (${rangeRefused(address)} ${address})`);
}
