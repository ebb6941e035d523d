import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CatalogUpstreamError } from '../../../src/ports/catalog-upstream.ts';
import { serveSources } from '../../fakes/catalog-source/sources.ts';
import { libraryArchive } from '../../fakes/catalog-source/tar.ts';

const archive = libraryArchive({ node: 'Maintainers: A\n' });
const endOfLife = { schema_version: '1.2.0', generated_at: '2026-11-22T00:00:00Z', result: [] };

function refuses(code: CatalogUpstreamError['code'], message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof CatalogUpstreamError, String(error));
    assert.match(error.message, message);
    assert.equal(error.code, code);
    return true;
  };
}

test('asks each source once, under its fixed address', async (context) => {
  const paths: string[] = [];
  const upstream = await serveSources(context, {
    archive: (response, path) => {
      paths.push(path);
      response.end(archive);
    },
    endOfLife: (response, path) => {
      paths.push(path);
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(endOfLife)));
    },
  });
  assert.deepEqual((await upstream.readOfficialList()).files, new Map([['node', 'Maintainers: A\n']]));
  assert.deepEqual(await upstream.readLifeCycles(), endOfLife);
  assert.deepEqual(paths, ['/docker-library/official-images/tar.gz/refs/heads/master', '/api/v1/products/full/']);
  assert.deepEqual(upstream.requests(), { 'codeload.github.com': 1, 'endoflife.date': 1 });
});

test('follows a redirect on the same host, and counts it', async (context) => {
  const upstream = await serveSources(context, {
    archive,
    endOfLife: (response, path) =>
      path.endsWith('/') ? response.writeHead(301, { location: '/moved.json' }).end() : response.end('[]'),
  });
  assert.deepEqual(await upstream.readLifeCycles(), []);
  assert.deepEqual(upstream.requests(), { 'endoflife.date': 2 });
});

for (const [what, location] of [
  ['another host', 'https://example.org/api'],
  ['the same host without TLS', 'http://endoflife.date/api'],
  ['another port', 'https://endoflife.date:8443/api'],
  ['a private address', 'https://169.254.169.254/latest'],
  ['a user', 'https://mallory@endoflife.date/api'],
  ['a file', 'file:///etc/passwd'],
  ['nothing that is an address', 'https://[::'],
  ['nowhere', ''],
] as const)
  test(`follows no redirect to ${what}`, async (context) => {
    const upstream = await serveSources(context, {
      archive,
      endOfLife: (response) => response.writeHead(302, location === '' ? {} : { location }).end(),
    });
    await assert.rejects(upstream.readLifeCycles(), refuses('redirected', /redirects to somewhere else/));
    assert.deepEqual(upstream.requests(), { 'endoflife.date': 1 });
  });

test('gives up on redirects without end', async (context) => {
  const upstream = await serveSources(context, {
    archive: (response, path) => response.writeHead(302, { location: `${path}x` }).end(),
    endOfLife,
  });
  await assert.rejects(upstream.readOfficialList(), refuses('redirected', /without end/));
  assert.deepEqual(upstream.requests(), { 'codeload.github.com': 4 });
});

const flood = (response: ServerResponse) => {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, '[')));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};

for (const [what, answer, code, message] of [
  ['an answer without end', flood, 'too-large', /cannot read endoflife\.date/],
  ['an answer that never comes', () => undefined, 'unavailable', /no answer within/],
  [
    'an answer that drips',
    (response: ServerResponse) => {
      response.write('[');
    },
    'unavailable',
    /no answer within/,
  ],
  ['a connection that is cut', (response: ServerResponse) => response.destroy(), 'unavailable', /cannot read/],
  ['an error', (response: ServerResponse) => response.writeHead(500).end(), 'unavailable', /it answers 500/],
  ['no JSON', Buffer.from('<html>'), 'malformed', /no JSON/],
] as const)
  test(`refuses ${what}`, async (context) => {
    const upstream = await serveSources(context, { archive, endOfLife: answer }, { maxBytes: 300_000, timeoutMs: 300 });
    await assert.rejects(upstream.readLifeCycles(), refuses(code, message));
  });

test('tells which source a damaged archive came from', async (context) => {
  const upstream = await serveSources(context, { archive: archive.subarray(0, 100), endOfLife });
  await assert.rejects(
    upstream.readOfficialList(),
    refuses('malformed', /^cannot read codeload\.github\.com\/docker-library\/official-images\/.*cut short$/),
  );
});
