import type { HttpError } from './http-error.ts';

/** What it means to every port that no whole answer came. @param refused what a port calls an address that it may not ask */
export function portCodeOf<Refused extends string>(
  { code }: HttpError,
  refused: Refused,
): Refused | 'unavailable' | 'malformed' {
  switch (code) {
    case 'refused-address':
      return refused;
    case 'too-large':
    case 'malformed':
      return 'malformed';
    case 'timeout':
    case 'interrupted':
    case 'unreachable':
    case 'aborted':
      return 'unavailable';
  }
}
