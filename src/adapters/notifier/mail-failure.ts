import { NotifierError, type NotifierErrorCode } from '../../ports/notifier.ts';

const meanings: ReadonlyMap<string, readonly [NotifierErrorCode, string]> = new Map([
  ['EAUTH', ['refused', 'the mail server does not take the user and password']],
  ['ENOAUTH', ['refused', 'the mail server wants a user and a password']],
  ['ETLS', ['refused', 'the mail server offers no TLS, or a certificate that is not to be trusted']],
  ['EENVELOPE', ['refused', 'the mail server does not take the address']],
  ['EMESSAGE', ['refused', 'the mail server does not take the message']],
  ['ETIMEDOUT', ['unavailable', 'the mail server does not answer in time']],
  ['ECONNECTION', ['unavailable', 'the connection to the mail server was cut']],
  ['ESOCKET', ['unavailable', 'the connection to the mail server was cut, or its certificate is not to be trusted']],
]);

/** What a server or a library says is not repeated, but for codes: it may hold addresses and passwords. */
export function mailFailure(error: unknown, isOverdue: boolean): NotifierError {
  if (isOverdue) return new NotifierError('unavailable', 'the mail server did not take it in time');
  const { code, responseCode } = fieldsOf(error);
  // 4yz: not now; 5yz: no. RFC 5321, 4.2.1.
  const status = responseCode === undefined ? '' : ` (${responseCode})`;
  const [kind, said] = meanings.get(code) ?? ['unavailable', 'the mail could not be sent'];
  const isForNow = responseCode !== undefined && responseCode >= 400 && responseCode < 500;
  return new NotifierError(isForNow ? 'unavailable' : kind, `${said}${isForNow ? ' now' : ''}${status}`, {
    cause: error,
  });
}

function fieldsOf(error: unknown): { readonly code: string; readonly responseCode?: number } {
  if (!(error instanceof Error)) return { code: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return 'responseCode' in error && typeof error.responseCode === 'number'
    ? { code, responseCode: error.responseCode }
    : { code };
}
