import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** `hang`: takes it and never answers. */
export type ReceiverAnswer = number | 'hang' | { readonly status: number; readonly headers: Record<string, string> };

/** Takes messages over real HTTP, and keeps them. */
export type HttpReceiver = {
  readonly url: string;
  readonly received: readonly Received[];
  /** From now on. */
  answer(with_: ReceiverAnswer): void;
  /** Returns once so many were received in all. */
  waitFor(count: number): Promise<void>;
  close(): Promise<void>;
};

export async function startHttpReceiver(): Promise<HttpReceiver> {
  const received: Received[] = [];
  const waiting: { readonly count: number; readonly go: () => void }[] = [];
  let next: ReceiverAnswer = 200;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    received.push({ headers: request.headers, body: Buffer.concat(pieces).toString('utf8') });
    for (const { count, go } of waiting) if (received.length >= count) go();
    if (next === 'hang') return;
    const { status, headers } = typeof next === 'number' ? { status: next, headers: {} } : next;
    response.writeHead(status, headers).end('ok');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer(answer) {
      next = answer;
    },
    waitFor: (count) =>
      new Promise((go) => {
        if (received.length >= count) go();
        else waiting.push({ count, go });
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
