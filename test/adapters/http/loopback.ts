import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** A server on the loopback; `port` of what it listens to. */
export async function listen(answer: RequestListener): Promise<{ readonly port: number; close(): void }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
