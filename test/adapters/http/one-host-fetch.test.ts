import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { createOneHostFetch } from '../../../src/adapters/http/one-host-fetch.ts';
import { listen } from './loopback.ts';

/** A fetch for one server, and the methods and paths that it was asked. */
async function fetchOf(context: TestContext, answer: RequestListener) {
  const asked: string[] = [];
  const server = await listen((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['private-token'] ?? ''}`.trim());
    answer(request, response);
  });
  const http = createHttpClient();
  context.after(async () => {
    await http.close();
    server.close();
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const bounds = { maxBytes: 1000, timeoutMs: 20_000, isPrivateAllowed: true };
  return { asked, origin, fetch: createOneHostFetch(http, origin, bounds) };
}

const headers = { 'private-token': 't' };

test('a redirect within the host is followed, with the token', async (context) => {
  const { asked, origin, fetch } = await fetchOf(context, (request, response) =>
    request.url === '/old' ? response.writeHead(301, { location: '/new' }).end() : response.end('here'),
  );
  assert.equal(await (await fetch(`${origin}/old`, { headers })).text(), 'here');
  assert.deepEqual(asked, ['GET /old t', 'GET /new t']);
});

test('what writes is sent on only by a redirect that keeps its method', async (context) => {
  for (const [status, ends] of [
    [302, 302],
    [307, 200],
  ] as const) {
    const { origin, fetch } = await fetchOf(context, (request, response) =>
      request.url === '/old' ? response.writeHead(status, { location: '/new' }).end() : request.pipe(response),
    );
    const answer = await fetch(`${origin}/old`, { method: 'POST', body: 'a', headers });
    assert.deepEqual([answer.status, await answer.text()], [ends, ends === 200 ? 'a' : '']);
  }
});

test('no other host is asked, neither at first nor by a redirect', async (context) => {
  const other = await fetchOf(context, (_request, response) => response.end());
  const { origin, fetch } = await fetchOf(context, (_request, response) =>
    response.writeHead(302, { location: `${other.origin}/` }).end(),
  );
  for (const address of [`${origin}/`, `${other.origin}/`])
    await assert.rejects(fetch(address, { headers }), { name: 'HttpError', code: 'refused-address' });
  assert.deepEqual(other.asked, []);
});

test('redirects without end are given up', async (context) => {
  const { asked, origin, fetch } = await fetchOf(context, (_request, response) =>
    response.writeHead(302, { location: '/' }).end(),
  );
  await assert.rejects(fetch(`${origin}/`), { code: 'malformed' });
  assert.equal(asked.length, 4);
});
