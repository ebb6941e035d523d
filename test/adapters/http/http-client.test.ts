import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { createHttpClient, type HttpClientOptions, type HttpRequest } from '../../../src/adapters/http/http-client.ts';
import { listen } from './loopback.ts';

const bounds = { method: 'GET', maxBytes: 1000, timeoutMs: 20_000, isPrivateAllowed: true } as const;

async function serve(context: TestContext, answer: RequestListener, options: HttpClientOptions = {}) {
  const server = await listen(answer);
  const http = createHttpClient(options);
  context.after(async () => {
    await http.close();
    server.close();
  });
  return {
    ...server,
    ask: (request: Partial<HttpRequest> = {}) =>
      http.request({ ...bounds, url: new URL(`http://127.0.0.1:${server.port}/`), ...request }),
  };
}

test('an answer has its status, its headers by lower-case name and its body', async (context) => {
  const { ask } = await serve(context, (request, response) => {
    response.writeHead(
      404,
      [
        ['WWW-Authenticate', 'Basic'],
        ['WWW-Authenticate', 'Bearer realm="a"'],
      ].flat(),
    );
    response.end(`${request.method} ${request.url} ${request.headers['x-one']}`);
  });
  const answer = await ask({ headers: { 'x-one': '1' } });
  assert.equal(answer.status, 404);
  assert.deepEqual(answer.headers.get('www-authenticate'), ['Basic', 'Bearer realm="a"']);
  assert.equal(Buffer.from(answer.body).toString(), 'GET / 1');
});

test('a POST carries its body', async (context) => {
  const { ask } = await serve(context, (request, response) => request.pipe(response));
  assert.equal(Buffer.from((await ask({ method: 'POST', body: 'a=b' })).body).toString(), 'a=b');
});

test('a redirect is an answer', async (context) => {
  const { ask } = await serve(context, (_request, response) => response.writeHead(307, { Location: '/there' }).end());
  assert.deepEqual((await ask()).headers.get('location'), ['/there']);
});

for (const [encoding, pack] of [
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
] as const)
  test(`${encoding} is unpacked`, async (context) => {
    const { ask } = await serve(context, (_request, response) =>
      response.writeHead(200, { 'Content-Encoding': encoding }).end(pack('plain')),
    );
    assert.equal(Buffer.from((await ask()).body).toString(), 'plain');
  });

for (const [what, headers, body, code] of [
  ['a body that is too large', {}, Buffer.alloc(1001), 'too-large'],
  [
    'a small body that unpacks to a large one',
    { 'Content-Encoding': 'gzip' },
    gzipSync(Buffer.alloc(100_000)),
    'too-large',
  ],
  ['a body that is not packed as it says', { 'Content-Encoding': 'gzip' }, Buffer.from('plain'), 'malformed'],
  ['a packing that nobody asked for', { 'Content-Encoding': 'gzip, gzip' }, Buffer.from('?'), 'malformed'],
] as const)
  test(`${what} is refused`, async (context) => {
    const { ask } = await serve(context, (_request, response) => response.writeHead(200, headers).end(body));
    await assert.rejects(ask(), { name: 'HttpError', code });
  });

for (const [what, headers, body] of [
  ['too long', {}, Buffer.alloc(1001)],
  ['too long when it is unpacked', { 'Content-Encoding': 'gzip' }, gzipSync(Buffer.alloc(100_000))],
  ['not packed as it says', { 'Content-Encoding': 'gzip' }, Buffer.from('plain')],
] as const)
  test(`of a refusal that is ${what} its status is left`, async (context) => {
    const { ask } = await serve(context, (_request, response) =>
      response.writeHead(401, { ...headers, 'WWW-Authenticate': 'Basic' }).end(body),
    );
    const answer = await ask();
    assert.deepEqual([answer.status, answer.headers.get('www-authenticate')], [401, ['Basic']]);
    assert.equal(answer.body.length, 0);
  });

test('a refusal whose body is cut short is worth another try', async (context) => {
  const { ask } = await serve(context, (_request, response) => {
    response.writeHead(503, { 'Content-Length': '100' });
    response.write('some', () => response.destroy());
  });
  await assert.rejects(ask(), { code: 'interrupted' });
});

test('an endless body is cut off', async (context) => {
  const { ask } = await serve(context, (_request, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(10_000)));
    };
    response.on('drain', more);
    more();
  });
  await assert.rejects(ask(), { code: 'too-large' });
});

for (const [what, answer] of [
  ['that never begins', () => undefined],
  ['that never ends', (_request, response) => response.writeHead(200).write('some')],
] as const satisfies readonly (readonly [string, RequestListener])[])
  test(`an answer ${what} is given up`, async (context) => {
    const { ask } = await serve(context, answer);
    await assert.rejects(ask({ timeoutMs: 50 }), { code: 'timeout', message: 'no answer within 50 ms' });
  });

test('whoever asks may give up', async (context) => {
  const giveUp = new AbortController();
  const { ask } = await serve(context, () => giveUp.abort());
  await assert.rejects(ask({ signal: giveUp.signal }), { code: 'aborted' });
});

test('a connection that is cut is worth another try', async (context) => {
  const { ask } = await serve(context, (request) => request.socket.destroy());
  await assert.rejects(ask(), { code: 'interrupted' });
});

test('a body that ends early is worth another try', async (context) => {
  const { ask } = await serve(context, (_request, response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('some', () => response.destroy());
  });
  await assert.rejects(ask(), { code: 'interrupted' });
});

test('a port where nobody listens is unreachable', async (context) => {
  const { ask, close, port } = await serve(context, () => undefined);
  close();
  await assert.rejects(ask({ url: new URL(`http://127.0.0.1:${port}/?secret=s`) }), {
    code: 'unreachable',
    message: 'nothing listens there',
  });
});

test('a server that speaks no HTTP is malformed', async (context) => {
  const { ask } = await serve(context, (request) => request.socket.end('SSH-2.0-OpenSSH\r\n\r\n'));
  await assert.rejects(ask(), { code: 'malformed' });
});

test('a private address is not asked, whatever spells it', async (context) => {
  let asked = 0;
  const { ask, port } = await serve(context, (_request, response) => {
    asked += 1;
    response.end();
  });
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1', '0.0.0.0'])
    await assert.rejects(ask({ url: new URL(`http://${host}:${port}/`), isPrivateAllowed: false }), {
      code: 'refused-address',
    });
  assert.equal(asked, 0);
});

test('a connection opened for one who may is not lent to one who may not', async (context) => {
  const { ask } = await serve(context, (_request, response) => response.end());
  assert.equal((await ask()).status, 200);
  await assert.rejects(ask({ isPrivateAllowed: false }), { code: 'refused-address' });
});

test('a mapped origin is asked in place of the real one', async (context) => {
  const server = await listen((request, response) => response.end(`${request.headers.host}${request.url}`));
  const http = createHttpClient({ origins: new Map([['https://ghcr.io', `http://127.0.0.1:${server.port}`]]) });
  context.after(async () => {
    await http.close();
    server.close();
  });
  const answer = await http.request({ ...bounds, url: new URL('https://ghcr.io/v2/?n=1'), isPrivateAllowed: false });
  assert.equal(Buffer.from(answer.body).toString(), `127.0.0.1:${server.port}/v2/?n=1`);
});

test('a proxy is asked for http, but not for a host of NO_PROXY', async (context) => {
  const proxied: (string | undefined)[] = [];
  const proxy = await listen((request, response) => {
    proxied.push(request.url);
    response.end('by proxy');
  });
  const { ask } = await serve(context, (_request, response) => response.end('directly'), {
    proxies: { http: `127.0.0.1:${proxy.port}`, no: '127.0.0.1' },
  });
  context.after(() => proxy.close());
  const answer = await ask({ url: new URL('http://registry.example/v2/'), isPrivateAllowed: false });
  assert.equal(Buffer.from(answer.body).toString(), 'by proxy');
  assert.deepEqual(proxied, ['http://registry.example/v2/']);
  assert.equal(Buffer.from((await ask()).body).toString(), 'directly');
});

test('https goes through a tunnel of the proxy, which learns no more than the host', async (context) => {
  const tunnels: (string | undefined)[] = [];
  const proxy = createServer().listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  const http = createHttpClient({ proxies: { https: `http://user:secret@127.0.0.1:${port}` } });
  context.after(async () => {
    await http.close();
    proxy.close();
    proxy.closeAllConnections();
  });
  const failure = await http
    .request({ ...bounds, url: new URL('https://registry.example/v2/?token=t'), isPrivateAllowed: false })
    .catch((error: unknown) => error);
  assert.deepEqual(tunnels, ['registry.example:443']);
  assert.match(String(failure), /HttpError: it cannot be reached/);
  assert.doesNotMatch(String(failure), /secret|token/);
});

test('private names are refused through a proxy too', async (context) => {
  const { ask } = await serve(context, () => assert.fail('the proxy was asked'), {
    proxies: { http: 'http://127.0.0.1:1' },
  });
  for (const host of ['169.254.169.254', 'localhost', '[::1]'])
    await assert.rejects(ask({ url: new URL(`http://${host}/`), isPrivateAllowed: false }), {
      code: 'refused-address',
    });
});

test('a proxy that is no address is told without repeating it', () => {
  for (const http of ['http://user:secret@', 'socks5://user:secret@proxy'])
    assert.throws(
      () => createHttpClient({ proxies: { http } }),
      (error) => !String(error).includes('secret'),
    );
});

test('nothing is asked after closing', async (context) => {
  const server = await listen((_request, response) => response.end());
  context.after(() => server.close());
  const http = createHttpClient();
  await http.close();
  await assert.rejects(http.request({ ...bounds, url: new URL(`http://127.0.0.1:${server.port}/`) }), {
    code: 'aborted',
  });
});

for (const method of ['GET', 'HEAD'] as const)
  test(`one ${method} after the other goes over connections that are there`, async (context) => {
    const ports = new Set<number | undefined>();
    const { ask } = await serve(context, (request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    for (let asked = 0; asked < 20; asked += 1) await ask({ method });
    // A second one is opened where the first is not known to be free yet.
    assert.ok(ports.size <= 2, `${ports.size} connections`);
  });

for (const [when, separately] of [
  ['with its head', false],
  ['in a packet of its own', true],
] as const)
  test(`a body that a server sends to a HEAD, ${when}, is taken for no answer`, async (context) => {
    const forged = 'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nX-Name: forged\r\nContent-Length: 0\r\n\r\n';
    const { ask, port } = await serve(context, (request, response) => {
      const answer = `HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nX-Name: ${request.url}\r\nContent-Length: ${forged.length}\r\n\r\n`;
      const { socket } = request;
      // Below Node's own server, which would leave the body out.
      if (separately) socket.write(answer, () => socket.write(forged));
      else socket.write(answer + forged);
      response.on('error', () => {});
    });
    for (const name of ['/1', '/2', '/3']) {
      const { headers } = await ask({ method: 'HEAD', url: new URL(name, `http://127.0.0.1:${port}`) });
      assert.deepEqual(headers.get('x-name'), [name]);
    }
  });

/** Keeps what it is given. */
function keeper(write: (bytes: Uint8Array) => void = () => {}) {
  let begun = 0;
  const pieces: Uint8Array[] = [];
  return {
    begin: async () => {
      begun += 1;
    },
    write: async (bytes: Uint8Array) => {
      write(bytes);
      pieces.push(bytes);
    },
    begun: () => begun,
    text: () => Buffer.concat(pieces).toString(),
  };
}

test('a receiver is given the body as it is packed, and the answer has none', async (context) => {
  const packed = gzipSync('plain');
  const { ask } = await serve(context, (_request, response) =>
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed),
  );
  const receiver = keeper();
  const answer = await ask({ receiver });
  assert.deepEqual([answer.status, answer.body.length, receiver.begun()], [200, 0, 1]);
  assert.equal(receiver.text(), packed.toString());
});

test('a receiver is given no refusal', async (context) => {
  const { ask } = await serve(context, (_request, response) => response.writeHead(404).end('no such thing'));
  const receiver = keeper();
  const answer = await ask({ receiver });
  assert.deepEqual([Buffer.from(answer.body).toString(), receiver.begun()], ['no such thing', 0]);
});

test('what a receiver throws comes out as it is', async (context) => {
  const { ask } = await serve(context, (_request, response) => response.end('body'));
  const full = new Error('the disk is full');
  const receiver = keeper(() => {
    throw full;
  });
  await assert.rejects(ask({ receiver }), (error) => error === full);
});

test('a receiver is given no more than was allowed', async (context) => {
  const { ask } = await serve(context, (_request, response) => response.end(Buffer.alloc(1001)));
  await assert.rejects(ask({ receiver: keeper() }), { code: 'too-large' });
});

test('a body that drips is never silent, and ends with its time', async (context) => {
  const { ask } = await serve(context, (_request, response) => {
    const drip = setInterval(() => response.write('.'), 5);
    response.on('close', () => clearInterval(drip));
  });
  const receiver = keeper();
  await assert.rejects(ask({ receiver, idleMs: 1000, timeoutMs: 2500 }), {
    code: 'timeout',
    message: /within 2500 ms/,
  });
  assert.ok(receiver.text().length > 10);
});
