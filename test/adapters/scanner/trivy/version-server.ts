import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type VersionServer = { readonly origin: string; close(): Promise<void> };

/** Answers `/version` with this text and 200, and anything else with 404; `undefined` never answers. */
export async function startVersionServer(text: string | undefined, status = 200): Promise<VersionServer> {
  const server = createServer((request, response) => {
    if (text === undefined) return;
    response.statusCode = request.url === '/version' ? status : 404;
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server on a port has an address with one; a text is that of a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
