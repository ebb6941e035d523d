import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Registry } from '../../../src/ports/registry.ts';
import { FakeContent } from '../../fakes/registry/content.ts';
import type { Switches } from '../../fakes/registry/switches.ts';
import { listen } from '../http/loopback.ts';
import { localRegistry, publicRegistry } from './with-registry.ts';

function contentWith(...tags: readonly string[]): FakeContent {
  const content = new FakeContent();
  content.pushTags({ repository: 'library/node', platforms: ['linux/amd64'] }, tags);
  return content;
}

const names = async (registry: Registry, address: { registry: string; repository: string }) =>
  (await registry.listTags(address)).tags.map(({ tag }) => tag).sort();

for (const [what, switches] of [
  ['whose next page is a path', { link: 'path' }],
  ['whose next page is relative', { link: 'relative' }],
  ['whose next page is absolute', { link: 'absolute' }],
  ['with null members', { tagsMember: 'null-members' }],
  ['oldest first', { tagOrder: 'pushed' }],
] as const satisfies readonly (readonly [string, Partial<Switches>])[])
  test(`a list ${what} is read to its end`, async (context) => {
    const content = contentWith('b', 'a', 'e', 'd', 'c');
    const { registry, at } = await localRegistry(context, { content, switches: { pageSize: 2, ...switches } });
    assert.deepEqual(await names(registry, at('library/node')), ['a', 'b', 'c', 'd', 'e']);
  });

for (const tagsMember of ['null', 'missing'] as const)
  test(`a list that is ${tagsMember} is empty`, async (context) => {
    const { registry, at } = await localRegistry(context, { content: contentWith('a'), switches: { tagsMember } });
    assert.deepEqual(await registry.listTags(at('library/node')), { tags: [], extent: 'all' });
  });

test('a full page without a link is asked for more once, and a short one is not', async (context) => {
  const many = Array.from({ length: 1500 }, (_, number) => `t${String(number).padStart(4, '0')}`);
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith(...many),
    switches: { link: 'none' },
  });
  assert.equal((await names(registry, at('library/node'))).length, 1500);
  assert.deepEqual(
    fake.log.all('list').map(({ query }) => query),
    [{ n: '1000' }, { n: '1000', last: 't0999' }],
  );
});

test('an endless list is cut, and says so', async (context) => {
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith('a'),
    switches: { isEndless: true, pageSize: 10 },
  });
  assert.equal((await registry.listTags(at('library/node'))).extent, 'truncated');
  assert.equal(fake.log.counts().list, 200);
});

test('signatures are left out, and a page of nothing else does not end the list', async (context) => {
  const signatures = ['1', '2', '3', '4'].map((digit) => `sha256-${digit.repeat(64)}.sig`);
  const content = contentWith('1.0', ...signatures, 'v2', 'v3');
  const { registry, at } = await localRegistry(context, { content, switches: { pageSize: 2 } });
  assert.deepEqual(await names(registry, at('library/node')), ['1.0', 'v2', 'v3']);
});

for (const next of ['http://elsewhere.example/v2/x/tags/list', 'https://user@elsewhere.example/'])
  test(`a next page at ${next} is refused and not asked`, async (context) => {
    const { registry, at } = await localRegistry(context, {
      content: contentWith('a', 'b', 'c'),
      switches: { pageSize: 2, link: { next } },
    });
    await assert.rejects(registry.listTags(at('library/node')), { code: 'refused', message: /elsewhere\.example/ });
  });

/** A registry of one list, in answers written out. */
async function scripted(context: TestContext, pages: readonly { link?: string; tags: readonly string[] }[]) {
  const asked: (string | undefined)[] = [];
  const server = await listen((request, response) => {
    if (request.url === '/v2/') return response.end('{}');
    const page = pages[asked.length];
    asked.push(request.url);
    if (page?.link !== undefined) response.setHeader('Link', page.link);
    return response.end(JSON.stringify({ tags: page?.tags ?? [] }));
  });
  context.after(() => server.close());
  const host = `127.0.0.1:${server.port}`;
  const settings = new Map([[host, { isPrivate: true, isInsecure: true }]]);
  const { registry } = await localRegistry(context, { settings });
  return { asked, registry, address: { registry: host, repository: 'team/a' } };
}

test('the next page is found among several links', async (context) => {
  const link = '</v2/team/a/tags/list?n=1>; rel="prev", </v2/team/a/tags/list?n=1&last=a>; rel="next"';
  const { asked, registry, address } = await scripted(context, [{ link, tags: ['a'] }, { tags: ['b'] }]);
  assert.deepEqual(await names(registry, address), ['a', 'b']);
  assert.equal(asked[1], '/v2/team/a/tags/list?n=1&last=a');
});

test('a link that lost the front of its path goes on with its query', async (context) => {
  const link = '</v2/a/tags/list?n=1&next_page=opaque>; rel=next';
  const { asked, registry, address } = await scripted(context, [{ link, tags: ['a'] }, { tags: ['b'] }]);
  assert.deepEqual(await names(registry, address), ['a', 'b']);
  assert.equal(asked[1], '/v2/team/a/tags/list?n=1&next_page=opaque');
});

test('what is no tag, and the same tag again, is left out', async (context) => {
  const { registry, address } = await scripted(context, [{ tags: ['1.0', '1.0', '../up', '', 'ä', '-x', 'ok'] }]);
  assert.deepEqual(await names(registry, address), ['1.0', 'ok']);
});

test("gcr.io's list tells digests, and no dates", async (context) => {
  const content = contentWith('nonroot', 'latest');
  const { registry, at } = await publicRegistry(context, 'gcr.io', { content });
  const { tags } = await registry.listTags(at('library/node'));
  assert.deepEqual(
    tags.toSorted((a, b) => a.tag.localeCompare(b.tag)),
    ['latest', 'nonroot'].map((tag) => ({ tag, digest: content.findDigest('library/node', tag) })),
  );
});

test('quay.io is asked for a hundred at a time', async (context) => {
  const { fake, registry, at } = await publicRegistry(context, 'quay.io', { content: contentWith('a') });
  await registry.listTags(at('library/node'));
  assert.equal(fake.log.all('list')[0]?.query['n'], '100');
});

/** A registry whose every page leads to another, of these names. */
async function endless(context: TestContext, namesOf: (page: number) => readonly string[], pageMs = 0) {
  let pages = 0;
  const server = await listen((request, response) => {
    if (request.url === '/v2/') return response.end('{}');
    pages += 1;
    subject.time.now += pageMs;
    response.setHeader('Link', `</v2/team/a/tags/list?page=${pages}>; rel="next"`);
    return response.end(JSON.stringify({ tags: namesOf(pages) }));
  });
  context.after(() => server.close());
  const host = `127.0.0.1:${server.port}`;
  const settings = new Map([[host, { isPrivate: true, isInsecure: true, maxInFlight: 4, requestsPerSecond: 1000 }]]);
  const subject = await localRegistry(context, { settings });
  return { listing: subject.registry.listTags({ registry: host, repository: 'team/a' }), pages: () => pages };
}

test('pages that take long are read for ten minutes, and told as cut', async (context) => {
  const { listing, pages } = await endless(context, (page) => [`t${page}`], 29_000);
  const { extent, tags } = await listing;
  assert.deepEqual([extent, tags.length, pages()], ['truncated', 21, 21]);
});

test('large pages are read up to a bound of their whole, and told as cut', async (context) => {
  const filling = 'x'.repeat(20 * 1024 * 1024);
  const { listing, pages } = await endless(context, (page) => [`t${page}`, filling]);
  const { extent, tags } = await listing;
  assert.deepEqual([extent, tags.length, pages()], ['truncated', 4, 4]);
});

test('half a million tags are read, and the rest told as cut', async (context) => {
  const { listing } = await endless(context, () => Array.from({ length: 500_001 }, (_, number) => `t${number}`));
  const { extent, tags } = await listing;
  assert.deepEqual([extent, tags.length], ['truncated', 500_000]);
});

test('a page of names that nobody can ask for is the last', async (context) => {
  const { listing, pages } = await endless(context, (page) => (page < 3 ? [`t${page}`] : [`no tag ${page}`]));
  assert.deepEqual([(await listing).extent, pages()], ['all', 3]);
});

for (const body of ['{"errors":[{"code":"UNAVAILABLE","message":"try later"}]}', '{"tags":{"a":1}}', '{"tags":"a"}'])
  test(`${body} is no list, though its status is 200`, async (context) => {
    const server = await listen((_request, response) => response.end(body));
    context.after(() => server.close());
    const host = `127.0.0.1:${server.port}`;
    const settings = new Map([[host, { isPrivate: true, isInsecure: true }]]);
    const { registry } = await localRegistry(context, { settings });
    await assert.rejects(registry.listTags({ registry: host, repository: 'team/a' }), { code: 'malformed' });
  });
