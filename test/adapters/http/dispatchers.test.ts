import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDispatchers } from '../../../src/adapters/http/dispatchers.ts';
import { listen } from './loopback.ts';

// A name that is refused before it gets here, and that every machine resolves: what counts is the connection.
const name = 'localhost';
const nowhere = 'http://127.0.0.1:1';

for (const [what, proxies] of [
  ['without a proxy', {}],
  ['where NO_PROXY names the host', { http: nowhere, https: nowhere, no: name }],
  ['where NO_PROXY names all hosts', { http: nowhere, no: '*' }],
  ['where the proxy is for https alone', { https: nowhere }],
] as const)
  test(`a name is connected to on a public address only, ${what}`, async (context) => {
    let asked = 0;
    const server = await listen((_request, response) => {
      asked += 1;
      response.end();
    });
    const dispatchers = createDispatchers(proxies);
    context.after(async () => {
      await dispatchers.close();
      server.close();
    });
    const ask = { method: 'GET', origin: `http://${name}:${server.port}`, path: '/' } as const;
    await assert.rejects(dispatchers.choose(false, false).request(ask), (error) =>
      /localhost has no public address \(loopback/.test(String(error)),
    );
    assert.equal(asked, 0);
    assert.equal((await dispatchers.choose(false, true).request(ask)).statusCode, 200);
  });
