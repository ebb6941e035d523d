import { readFileSync } from 'node:fs';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loopbackCertificate } from './git-server.ts';

/** What a forge has at its host: `https://127.0.0.1:PORT`, with the API beneath `/api/` and git for all else. */
export async function startSecureFront(places: { readonly api: string; readonly git: string }) {
  const cert = readFileSync(loopbackCertificate);
  const key = readFileSync(join(loopbackCertificate, '..', 'loopback-key.pem'));
  const server = createServer({ cert, key }, (request: IncomingMessage, response: ServerResponse) => {
    const place = request.url?.startsWith('/api/') === true ? places.api : places.git;
    const { method, headers } = request;
    const passed = ask(`${place}${request.url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
