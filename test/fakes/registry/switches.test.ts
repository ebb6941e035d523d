import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mediaTypes } from './build-image.ts';
import { type FakeRegistry, startFakeRegistry } from './fake-registry.ts';
import type { Switches } from './switches.ts';
import type { Access } from './users.ts';

/** One switch set, one request, what stands out in the answer. `$ORIGIN` is the fake's own. */
type Row = readonly [
  about: string,
  switches: Partial<Switches>,
  request: string,
  expected: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string | null>>;
    readonly body?: object;
  },
];

const manifest = '/v2/team/base/manifests/1.0';
const list = '/v2/team/base/tags/list';
const listHeader = (link: string): Row[3] => ({ status: 200, headers: { link } });

const open: readonly Row[] = [
  [
    'no digest',
    { digestHeader: 'missing' },
    `HEAD ${manifest}`,
    { status: 200, headers: { 'docker-content-digest': null, etag: null } },
  ],
  ['no HEAD', { headManifests: 'not-allowed' }, `HEAD ${manifest}`, { status: 405 }],
  ['GET goes on without HEAD', { headManifests: 'not-allowed' }, `GET ${manifest}`, { status: 200 }],
  ['HEAD finds nothing', { headManifests: 'not-found' }, `HEAD ${manifest}`, { status: 404 }],
  [
    'types have parameters',
    { contentTypeParameters: '; charset=utf-8' },
    `HEAD ${manifest}`,
    { status: 200, headers: { 'content-type': `${mediaTypes.oci.manifest}; charset=utf-8` } },
  ],
  ['no tags are null', { tagsMember: 'null' }, `GET ${list}`, { status: 200, body: { name: 'team/base', tags: null } }],
  ['no tags are not there', { tagsMember: 'missing' }, `GET ${list}`, { status: 200, body: { name: 'team/base' } }],
  [
    'null among tags',
    { tagsMember: 'null-members' },
    `GET ${list}`,
    { status: 200, body: { name: 'team/base', tags: [null, '0.9', '1.0', null] } },
  ],
  [
    'oldest first',
    { tagOrder: 'pushed' },
    `GET ${list}`,
    { status: 200, body: { name: 'team/base', tags: ['1.0', '0.9'] } },
  ],
  ['a link by path', { pageSize: 1 }, `GET ${list}`, listHeader(`<${list}?last=0.9&n=1>; rel="next"`)],
  ['a relative link', { pageSize: 1, link: 'relative' }, `GET ${list}`, listHeader('<list?last=0.9&n=1>; rel="next"')],
  [
    'an absolute link',
    { pageSize: 1, link: 'absolute' },
    `GET ${list}`,
    listHeader(`<$ORIGIN${list}?last=0.9&n=1>; rel="next"`),
  ],
  [
    'a link elsewhere',
    { pageSize: 1, link: { next: 'http://169.254.169.254/' } },
    `GET ${list}`,
    listHeader('<http://169.254.169.254/>; rel="next"'),
  ],
  [
    'no link though there is more',
    { pageSize: 1, link: 'none' },
    `GET ${list}`,
    { status: 200, headers: { link: null }, body: { name: 'team/base', tags: ['0.9'] } },
  ],
  [
    'a locked registry',
    { isLocked: true },
    'GET /v2/',
    { status: 401, headers: { 'www-authenticate': 'Basic realm="fake-registry"' } },
  ],
];

const guarded: readonly Row[] = [
  [
    'a challenge with what could confuse',
    { service: 'a "b", c\\d' },
    `GET ${list}`,
    challenged('Bearer realm="$ORIGIN/token",service="a \\"b\\", c\\\\d",scope="repository:team/base:pull"'),
  ],
  [
    'two ways in one header',
    { challenge: 'with-basic-in-one-line', realm: '/token' },
    'GET /v2/',
    challenged('Bearer realm="/token",service="fake-registry", Basic realm="fake-registry"'),
  ],
  [
    'two ways in two headers',
    { challenge: 'with-basic-in-own-header', realm: '/token' },
    'GET /v2/',
    challenged('Basic realm="fake-registry", Bearer realm="/token",service="fake-registry"'),
  ],
  [
    'a scope of its own',
    { challengeScope: 'repository:user/image:pull', realm: '/token' },
    'GET /v2/',
    challenged('Bearer realm="/token",service="fake-registry",scope="repository:user/image:pull"'),
  ],
  [
    'no challenge on what is asked',
    { challenge: 'absent' },
    `GET ${list}`,
    { status: 401, headers: { 'www-authenticate': null } },
  ],
  [
    'a challenge at /v2/ alone',
    { challenge: 'absent', realm: '/token' },
    'GET /v2/',
    challenged('Bearer realm="/token",service="fake-registry"'),
  ],
];

function challenged(header: string): Row[3] {
  return { status: 401, headers: { 'www-authenticate': header } };
}

for (const [access, rows] of [
  ['open', open],
  ['token', guarded],
] as const)
  for (const [about, switches, request, { status, headers = {}, body }] of rows)
    test(`${about}: ${request}`, () =>
      withRegistry({ kind: access }, switches, async (registry) => {
        const [method = '', path = ''] = request.split(' ');
        const answer = await ask(registry, path, { method });
        assert.equal(answer.status, status);
        for (const [name, value] of Object.entries(headers))
          assert.equal(answer.headers.get(name), value?.replaceAll('$ORIGIN', registry.origin) ?? null);
        if (body !== undefined) assert.deepEqual(await answer.json(), body);
      }));

const user = { username: 'ann', secret: 'pass' };
const basic = { authorization: `Basic ${Buffer.from('ann:pass').toString('base64')}` };

for (const [about, switches, scope, expected] of [
  ['a token for one repository', {}, 'repository:team/base:pull', 200],
  ['a token for another repository', {}, 'repository:team/other:pull', 401],
  ['a token for everything', { grants: 'everything' }, 'repository:team/other:pull', 200],
  ['a token for nothing', { grants: 'nothing' }, 'repository:team/base:pull', 401],
  ['a token for less than wanted', { requiredActions: ['pull', 'metadata_read'] }, 'repository:team/base:pull', 401],
  [
    'a token for what is wanted',
    { requiredActions: ['pull', 'metadata_read'] },
    'repository:team/base:pull,metadata_read',
    200,
  ],
  ['a good token at a locked registry', { isLocked: true }, 'repository:team/base:pull', 401],
] as const satisfies readonly (readonly [string, Partial<Switches>, string, number])[])
  test(`${about} gets ${expected}`, () =>
    withRegistry({ kind: 'token' }, switches, async (registry) => {
      const { token } = (await (await ask(registry, `/token?scope=${scope}`)).json()) as { token: string };
      const answer = await ask(registry, list, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(answer.status, expected);
    }));

for (const status of [401, 403] as const)
  test(`credentials are refused by ${status}, and nobody still gets a token`, () =>
    withRegistry({ kind: 'token', users: [user] }, { refusesCredentials: status }, async (registry) => {
      assert.equal((await ask(registry, '/token', { headers: basic })).status, status);
      assert.equal((await ask(registry, '/token')).status, 200);
    }));

test('a token service says as much of its tokens as it is told to', () =>
  withRegistry({ kind: 'token' }, { tokenSeconds: undefined, tokenMember: 'access_token' }, async (registry) => {
    const said = (await (await ask(registry, '/token')).json()) as object;
    assert.deepEqual(Object.keys(said), ['access_token', 'issued_at']);
    registry.set({ tokenPost: false });
    assert.equal((await ask(registry, '/token', { method: 'POST' })).status, 404);
  }));

test('a missing repository is told as a private one where that is wanted', () =>
  withRegistry({ kind: 'token' }, { hidesMissing: true }, async (registry) => {
    const { token } = (await (await ask(registry, '/token?scope=repository:no/such:pull')).json()) as { token: string };
    const answer = await ask(registry, '/v2/no/such/tags/list', { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate') ?? '', /insufficient_scope/);
  }));

test('a listing like that of gcr.io names the digest of every tag', () =>
  withRegistry({ kind: 'open' }, { extendedListing: true }, async (registry) => {
    const { manifest: manifests } = (await (await ask(registry, `${list}?n=1`)).json()) as {
      manifest: Record<string, { tag: string[] }>;
    };
    assert.deepEqual(
      Object.entries(manifests).flatMap(([digest, { tag }]) => tag.map((name) => [name, digest])),
      ['0.9', '1.0'].map((tag) => [tag, registry.content.findDigest('team/base', tag)]),
    );
  }));

test('publishers have badges, others are users, and who is neither is not there', () =>
  withRegistry({ kind: 'open' }, {}, async (registry) => {
    registry.content.publishers.set('acme', { badge: 'verified_publisher', name: 'Acme' });
    const badge = (await (await ask(registry, '/v2/orgs/acme/')).json()) as { badge: string };
    assert.equal(badge.badge, 'verified_publisher');
    assert.equal((await ask(registry, '/v2/orgs/team/')).headers.get('location'), '/v2/users/team/');
    assert.equal((await ask(registry, '/v2/users/team/')).status, 200);
    assert.equal((await ask(registry, '/v2/users/nobody/')).status, 404);
    assert.deepEqual(registry.log.counts(), { publisher: 4 });
  }));

for (const [fault, status, expected] of [
  [{ kind: 'status', status: 503, body: 'html' }, 503, /^<html>/],
  [{ kind: 'status', status: 500, body: 'empty' }, 500, /^$/],
  [{ kind: 'status', status: 502 }, 502, /^\{"errors"/],
  [{ kind: 'redirect', to: 'http://10.0.0.1/' }, 307, /^$/],
] as const)
  test(`a fault of ${JSON.stringify(fault)} strikes what it is for, twice`, () =>
    withRegistry({ kind: 'open' }, {}, async (registry) => {
      registry.fail({ fault, on: ['list'], repository: 'team/base', times: 2 });
      const statuses: number[] = [];
      for (const path of [manifest, list, '/v2/no/such/tags/list', list, list]) {
        const answer = await ask(registry, path);
        statuses.push(answer.status);
        if (answer.status === status) assert.match(await answer.text(), expected);
      }
      assert.deepEqual(statuses, [200, status, 404, status, 200]);
    }));

test('what is held is counted as being answered, and comes when it is let go', () =>
  withRegistry({ kind: 'open' }, {}, async (registry) => {
    registry.fail({ fault: { kind: 'held' }, on: ['head'], times: 2 });
    const heads = [ask(registry, manifest, { method: 'HEAD' }), ask(registry, manifest, { method: 'HEAD' })];
    for (let tries = 0; registry.heldCount < 2 && tries < 1000; tries += 1) await ask(registry, '/v2/');
    assert.ok(registry.log.mostInFlight() >= 2);
    registry.release();
    assert.deepEqual(
      (await Promise.all(heads)).map(({ status }) => status),
      [200, 200],
    );
  }));

async function withRegistry(
  access: Access,
  switches: Partial<Switches>,
  run: (registry: FakeRegistry) => Promise<void>,
): Promise<void> {
  const registry = await startFakeRegistry({ access, switches });
  registry.content.pushImage({ repository: 'team/base', tag: '1.0', image: 'linux/amd64' });
  registry.content.pushImage({ repository: 'team/base', tag: '0.9', image: 'linux/amd64' });
  try {
    await run(registry);
  } finally {
    await registry.close();
  }
}

function ask(registry: FakeRegistry, path: string, init: RequestInit = {}): Promise<Response> {
  const accept = Object.values(mediaTypes.oci).join(', ');
  return fetch(`${registry.origin}${path}`, { redirect: 'manual', ...init, headers: { accept, ...init.headers } });
}
