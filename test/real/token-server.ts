import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { parseBasic } from '../fakes/registry/users.ts';
import { user } from './docker-registry.ts';
import { runTool } from './run-tool.ts';

/** What docker-registry has to be told of us. */
export type TokenServer = {
  readonly host: string;
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** Path of the certificate that tokens are signed by. */
  readonly certificate: string;
  close(): Promise<void>;
};

export const tokenServiceName = 'docker-registry, as a test has it';

/** Signed tokens as the distribution specification has them: anybody may read `public/…`, the user everything. */
export async function startTokenServer(folder: string): Promise<TokenServer> {
  const certificate = join(folder, 'token.crt');
  const keyFile = join(folder, 'token.key');
  await runTool('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=basekeeper-test'],
    ...['-keyout', keyFile, '-out', certificate],
  ]);
  const key = createPrivateKey(readFileSync(keyFile));
  const x5c = [new X509Certificate(readFileSync(certificate)).raw.toString('base64')];
  const issuer = 'basekeeper-test';

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const who = readUser(request);
    if (who === 'wrong') {
      response
        .writeHead(401, { 'Content-Type': 'application/json' })
        .end('{"details":"incorrect username or password"}');
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const token = signed({
      ...{ iss: issuer, sub: who, aud: tokenServiceName, jti: randomUUID() },
      ...{ iat: now, nbf: now - 10, exp: now + 300 },
      access: url.searchParams.getAll('scope').flatMap((scope) => grant(who, scope)),
    });
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ token, expires_in: 300 }));
  });
  const signed = (claims: object): string => {
    const text = [{ typ: 'JWT', alg: 'RS256', x5c }, claims].map(encode).join('.');
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    ...{ host, realm: `http://${host}/token`, service: tokenServiceName, issuer, certificate },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @returns the name, nothing for nobody. */
function readUser({ headers }: IncomingMessage): string {
  if (headers.authorization === undefined) return '';
  const basic = parseBasic(headers.authorization);
  return basic?.username === user.username && basic.secret === user.secret ? basic.username : 'wrong';
}

function grant(who: string, scope: string): readonly object[] {
  const [type, name = '', actions = ''] = scope.split(':');
  const mayRead = who !== '' || name.startsWith('public/');
  return mayRead ? [{ type, name, actions: who === '' ? ['pull'] : actions.split(',') }] : [];
}
