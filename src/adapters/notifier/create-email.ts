import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import nodemailer, { type SMTPTransportOptions } from 'nodemailer';
import type { MailServer } from '../../domain/notice/channel.ts';
import type { NoticeMessage } from '../../domain/notice/notice-message.ts';
import { type Notifier, NotifierError } from '../../ports/notifier.ts';
import { HttpError } from '../http/http-client.ts';
import { refusedName } from '../http/public-address.ts';
import { createPublicLookup } from '../http/public-lookup.ts';
import { mailFailure } from './mail-failure.ts';
import { mailHtml, mailText } from './mail-text.ts';
import { messageMark } from './message-mark.ts';

export type MailAccess = Pick<MailServer, 'host' | 'port' | 'encryption' | 'from'> & {
  readonly login?: { readonly user: string; readonly pass: string };
  /** Its address may be one of the own network. */
  readonly isPrivateAllowed: boolean;
};

const [silenceMs, wholeTimeoutMs] = [15_000, 60_000];

/** One address, by a mail server. Whatever is sent goes over TLS, but for a server that the settings let do without. */
export function createEmail(to: string, access: MailAccess): Notifier {
  return {
    async send(message) {
      const { from, host, port, encryption, login } = access;
      const socket = await connectTo(access);
      const settings: SMTPTransportOptions = {
        ...{ host, port, secure: encryption === 'tls' },
        ...{ requireTLS: encryption === 'starttls', ignoreTLS: encryption === 'none' },
        ...(login === undefined ? {} : { auth: login }),
        ...{ greetingTimeout: silenceMs, socketTimeout: silenceMs, disableFileAccess: true, disableUrlAccess: true },
        getSocket: (_options, connected) => connected(null, { connection: socket }),
      };
      // A server that sends a byte now and then is never silent.
      let isOverdue = false;
      const timer = setTimeout(() => {
        isOverdue = true;
        socket.destroy();
      }, wholeTimeoutMs);
      try {
        await nodemailer.createTransport(settings).sendMail(mailOf(message, from, to));
      } catch (error) {
        throw mailFailure(error, isOverdue);
      } finally {
        clearTimeout(timer);
        socket.destroy();
      }
    },
  };
}

function mailOf(message: NoticeMessage, from: string, to: string) {
  return {
    from: { name: 'Basekeeper', address: from },
    to: { name: '', address: to },
    envelope: { from, to: [to] },
    messageId: `<${messageMark(message)}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    date: new Date(message.at),
    subject: message.title,
    text: mailText(message),
    html: mailHtml(message),
    // No answer of a machine, please: RFC 3834.
    headers: { 'auto-submitted': 'auto-generated' },
  };
}

/** The address that was looked at is the one that is connected to. */
async function connectTo({ host, port, isPrivateAllowed }: MailAccess): Promise<Socket> {
  const refusal = isPrivateAllowed ? undefined : refusedName(host);
  if (refusal !== undefined) throw new NotifierError('not-allowed', refusal);
  const socket = connect({ host, port, ...(isPrivateAllowed ? {} : { lookup: createPublicLookup() }) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(silenceMs) });
    return socket;
  } catch (cause) {
    socket.destroy();
    if (cause instanceof HttpError && cause.code === 'refused-address')
      throw new NotifierError('not-allowed', cause.message, { cause });
    throw new NotifierError('unavailable', 'the mail server cannot be reached', { cause });
  }
}
