import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { createCatalogUpstream } from '../../../src/adapters/catalog-source/catalog-upstream.ts';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import type { CatalogUpstream } from '../../../src/ports/catalog-upstream.ts';
import { listen } from '../../adapters/http/loopback.ts';

/** What a host answers: a body, or whatever a function does. */
export type Answer = Buffer | object | ((response: ServerResponse, path: string) => void);

export type Sources = { readonly archive: Answer; readonly endOfLife: Answer };

/** Both sources on the loopback under their real names, and the upstream that asks them; gone with the test. */
export async function serveSources(
  context: TestContext,
  { archive, endOfLife }: Sources,
  limits: { readonly maxBytes?: number; readonly timeoutMs?: number } = {},
): Promise<CatalogUpstream> {
  const servers = await Promise.all(
    [archive, endOfLife].map((answer) =>
      listen((request, response) => {
        if (typeof answer === 'function') answer(response, request.url ?? '');
        else response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer));
      }),
    ),
  );
  const [github, life] = servers.map(({ port }) => `http://127.0.0.1:${port}`);
  const http = createHttpClient({
    origins: new Map([
      ['https://codeload.github.com', github ?? ''],
      ['https://endoflife.date', life ?? ''],
    ]),
  });
  context.after(async () => {
    await http.close();
    for (const server of servers) server.close();
  });
  return createCatalogUpstream(http, limits);
}
