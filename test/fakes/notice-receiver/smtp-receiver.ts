import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { loopbackCertificate } from '../git-server.ts';

export type ReceivedMail = {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
  readonly isSecure: boolean;
};

/** A real mail server on loopback that keeps what it takes. */
export type SmtpReceiver = {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Refuses the addressee of each mail with this status; `undefined` takes all. */
  refuse(status: number | undefined): void;
  close(): Promise<void>;
};

export const mailLogin = { user: 'bot', pass: 'mail-secret' };

export async function startSmtpReceiver(encryption: 'tls' | 'starttls' | 'none'): Promise<SmtpReceiver> {
  const received: ReceivedMail[] = [];
  let refusal: number | undefined;
  const server = new SMTPServer({
    secure: encryption === 'tls',
    cert: readFileSync(loopbackCertificate),
    key: readFileSync(join(loopbackCertificate, '..', 'loopback-key.pem')),
    ...(encryption === 'none' ? { disabledCommands: ['STARTTLS'] } : {}),
    authOptional: encryption === 'none',
    onAuth({ username, password }, _session, done) {
      if (username === mailLogin.user && password === mailLogin.pass) done(null, { user: username });
      else done(new Error('Invalid username or password'));
    },
    onRcptTo(_address, _session, done) {
      if (refusal === undefined) done();
      else done(Object.assign(new Error('no such mailbox'), { responseCode: refusal }));
    },
    onData(stream, { envelope, secure }, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = envelope;
        received.push({
          from: mailFrom === false || mailFrom === null ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(pieces).toString('utf8'),
          isSecure: secure,
        });
        done();
      });
    },
  });
  // A client that does not trust us ends the connection: that is what some tests are about.
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    refuse(status) {
      refusal = status;
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
