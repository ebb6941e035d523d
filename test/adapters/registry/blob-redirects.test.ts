import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FakeContent } from '../../fakes/registry/content.ts';
import { listen } from '../http/loopback.ts';
import { localRegistry, publicRegistry } from './with-registry.ts';

const repository = 'team/app';
const user = { username: 'ann', secret: 'pass' };

/** A registry that wants a login, sends once to `/1` of another host for a blob, and what that host is asked. */
async function sentTo(context: TestContext, elsewhere: RequestListener) {
  const asked: { readonly url: string | undefined; readonly authorization: string | undefined }[] = [];
  const server = await listen((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    elsewhere(request, response);
  });
  context.after(() => server.close());
  const host = `127.0.0.1:${server.port}`;
  const content = new FakeContent();
  const { configDigest } = content.pushImage({ repository, tag: '1.0', image: 'linux/amd64' });
  const subject = await localRegistry(context, {
    content,
    access: { kind: 'token', users: [user], isAnonymousAllowed: false },
    settings: new Map([[host, { isPrivate: true, isInsecure: false, maxInFlight: 4, requestsPerSecond: 1000 }]]),
    client: { credentials: { find: async () => ({ credential: { kind: 'basic', ...user }, source: 'the test' }) } },
  });
  subject.fake.fail({ fault: { kind: 'redirect', to: `http://${host}/1` }, on: ['config'], times: 1 });
  const bytes = content.findBlob(repository, configDigest) ?? assert.fail('not pushed');
  return { ...subject, asked, bytes, read: () => subject.registry.readConfig(subject.at(repository), configDigest) };
}

for (const [redirects, isRead] of [
  [5, true],
  [6, false],
] as const)
  test(`a blob behind ${redirects} redirects is ${isRead ? '' : 'not '}read`, async (context) => {
    const { asked, bytes, read } = await sentTo(context, (request, response) => {
      const at = Number(request.url?.slice(1));
      if (at === redirects) response.end(bytes);
      else response.writeHead(302, { Location: String(at + 1) }).end();
    });
    if (isRead) assert.equal((await read()).platform.os, 'linux');
    else await assert.rejects(read(), { code: 'refused', message: /sent on more than 5 times/ });
    assert.equal(asked.length, 5);
    assert.deepEqual(new Set(asked.map(({ authorization }) => authorization)), new Set([undefined]));
  });

test('back at the registry the login is shown again, and only there', async (context) => {
  const { asked, fake, read } = await sentTo(context, (_request, response) =>
    response.writeHead(307, { Location: `${fake.origin}${fake.log.all('config')[0]?.path}` }).end(),
  );
  await read();
  assert.deepEqual(asked, [{ url: '/1', authorization: undefined }]);
  assert.deepEqual(
    fake.log.all('config').map(({ authorization }) => authorization?.split(' ')[0]),
    ['Bearer', 'Bearer'],
  );
});

test('a login that another host asks for is not shown', async (context) => {
  const { asked, fake, read } = await sentTo(context, (_request, response) =>
    response.writeHead(401, { 'WWW-Authenticate': `Bearer realm="${fake.origin}/token",service="x", Basic` }).end(),
  );
  fake.log.clear();
  await assert.rejects(read(), { code: 'unauthorized' });
  assert.equal(asked.length, 1);
  assert.equal(fake.log.counts().token, 1);
});

for (const [what, elsewhere, code] of [
  ['other bytes', (_request, response) => response.end('{}'), 'malformed'],
  ['more than a config may have', (_request, response) => response.end(Buffer.alloc(9 * 1024 * 1024)), 'malformed'],
  [
    'a little that unpacks to more',
    (_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(9 * 1024 * 1024))),
    'malformed',
  ],
  ['a page', (_request, response) => response.writeHead(203).end('<html>'), 'malformed'],
  ['no place to go on', (_request, response) => response.writeHead(302).end(), 'refused'],
  ['a place that is none', (_request, response) => response.writeHead(302, { Location: 'http://[' }).end(), 'refused'],
  ['no such thing', (_request, response) => response.writeHead(404).end(), 'not-found'],
  ['to wait', (_request, response) => response.writeHead(429, { 'Retry-After': '600' }).end(), 'rate-limited'],
] as const satisfies readonly (readonly [string, RequestListener, string])[])
  test(`where the blob lies is answered with ${what}: ${code}`, async (context) => {
    const { asked, read } = await sentTo(context, elsewhere);
    await assert.rejects(read(), { code });
    assert.equal(asked.length, 1);
  });

test('another host that wants patience does not make the registry wait', async (context) => {
  const { fake, at, registry, read } = await sentTo(context, (_request, response) =>
    response.writeHead(429, { 'Retry-After': '600' }).end(),
  );
  await assert.rejects(read(), { code: 'rate-limited', host: fake.host });
  assert.equal((await registry.resolve(at(repository), '1.0')).digest.length, 71);
});

for (const to of [
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a9fe:a9fe]/latest',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://100.64.0.1/',
  'https://2852039166/latest',
  'https://0251.0376.0251.0376/latest',
  'https://0xa9.0xfe.0xa9.0xfe/latest',
  'https://169.254.43518/latest',
  'https://169.254.169.254./latest',
  'https://localhost./',
  'https://metadata.localhost/',
  'https://①②⑦.0.0.1/',
  '//127.0.0.1/',
  'https:/\\169.254.169.254/',
  'https://cdn.example@169.254.169.254/',
  'file:///etc/passwd',
  'data:application/json,{}',
])
  test(`a blob is not followed to ${to}`, async (context) => {
    const content = new FakeContent();
    const { configDigest } = content.pushImage({ repository, tag: '1.0', image: 'linux/amd64' });
    const { fake, registry, at } = await publicRegistry(context, 'quay.io', { content });
    fake.fail({
      fault: {
        kind: 'redirect',
        to: encodeURI(to).replaceAll('%5B', '[').replaceAll('%5D', ']').replaceAll('%5C', '\\'),
      },
      on: ['config'],
    });
    await assert.rejects(registry.readConfig(at(repository), configDigest), { code: 'refused' });
    assert.equal(fake.log.counts().config, 1);
  });
