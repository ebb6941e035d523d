import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const tls = join(import.meta.dirname, '..', '..', 'fixtures', 'tls');

/**
 * A proxy that answers for the hosts itself, over TLS. So the real command is tried as it is: its environment names the proxy,
 * and a certificate to trust, made for these tests alone (`openssl req -x509 -newkey ec … -days 36500`, key and all).
 *
 * @param bodies by host. @returns what the environment of the command has to hold.
 */
export async function interceptingProxy(
  context: TestContext,
  bodies: Readonly<Record<string, Buffer>>,
): Promise<Readonly<Record<string, string>>> {
  const pair = { key: readFileSync(join(tls, 'key.pem')), cert: readFileSync(join(tls, 'certificate.pem')) };
  const hosts = createTlsServer(pair, (request, response) => {
    const body = bodies[request.headers.host ?? ''];
    if (body === undefined) response.writeHead(404);
    response.end(body);
  });
  const proxy = createHttpServer().on('connect', (_request, socket) => {
    const inner = connect(portOf(hosts.address()), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(inner).pipe(socket);
    });
    // Either end may hang up first.
    for (const end of [socket, inner]) end.on('error', () => [socket, inner].forEach((other) => void other.destroy()));
  });
  for (const server of [hosts, proxy]) await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => {
    for (const server of [hosts, proxy]) server.close().closeAllConnections();
  });
  const address = `http://127.0.0.1:${portOf(proxy.address())}`;
  return {
    HTTPS_PROXY: address,
    https_proxy: address,
    NO_PROXY: '',
    no_proxy: '',
    NODE_EXTRA_CA_CERTS: join(tls, 'certificate.pem'),
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
