import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mediaTypes } from '../fakes/registry/build-image.ts';
import { FakeContent } from '../fakes/registry/content.ts';
import { type FakeRegistry, startFakeRegistry } from '../fakes/registry/fake-registry.ts';
import { copyImage } from './copy-image.ts';
import { type DockerRegistry, startDockerRegistry } from './docker-registry.ts';
import { tokenServiceName } from './token-server.ts';

/** The same requests to the fake and to Debian's docker-registry 2.8.2, which holds the same images. */
const content = new FakeContent();
const platforms = ['linux/amd64', 'linux/arm64/v8'];
const oci = content.push({ repository: 'a/oci', tag: '1.0', platforms, attestations: 'built here' });
const docker = content.push({ repository: 'a/docker', tag: '1.0', platforms, format: 'docker' });
const single = content.pushImage({ repository: 'a/single', tag: '1.0', image: 'linux/amd64' });
content.pushImage({ repository: 'a/schema2', tag: '1.0', image: 'linux/amd64', format: 'docker' });
content.tag({ repository: 'a/single', tag: '1.1', digest: single.digest });

const kinds = ['open', 'basic', 'token'] as const;
type Registries<T> = Record<(typeof kinds)[number], T>;
// Filled before the first test.
const reals = {} as Registries<DockerRegistry>;
const fakes = {} as Registries<FakeRegistry>;

before(async () => {
  for (const kind of kinds) reals[kind] = await startDockerRegistry(kind);
  const realm = `http://${reals.token.tokenHost}/token`;
  fakes.open = await startFakeRegistry({ content });
  fakes.basic = await startFakeRegistry({
    access: { kind: 'basic', users: [] },
    switches: { service: 'basekeeper-test' },
  });
  fakes.token = await startFakeRegistry({ access: { kind: 'token' }, switches: { service: tokenServiceName, realm } });
  for (const repository of content.repositories())
    for (const tag of content.listTags(repository))
      await copyImage(fakes.open, reals.open.host, `${repository}:${tag}`);
});

after(async () => {
  await Promise.all([...Object.values(fakes), ...Object.values(reals)].map((registry) => registry.close()));
});

const everyType = Object.values(mediaTypes)
  .flatMap(({ index, manifest }) => [index, manifest])
  .join(', ');

/** What a client acts upon. */
const headersOfInterest = [
  'content-type',
  'content-length',
  'docker-content-digest',
  'docker-distribution-api-version',
  'etag',
  'link',
  'www-authenticate',
  'allow',
  'cache-control',
];

type Ask = { readonly path: string; readonly method?: string; readonly headers?: Readonly<Record<string, string>> };

async function answerOf(host: string, { path, method = 'GET', headers = {} }: Ask): Promise<object> {
  const answer = await fetch(`http://${host}${path}`, { method, headers, redirect: 'manual' });
  const body = await answer.text();
  return {
    status: answer.status,
    headers: Object.fromEntries([...answer.headers].filter(([name]) => headersOfInterest.includes(name))),
    body,
  };
}

const accept = { accept: everyType };
const unknownDigest = `sha256:${'0'.repeat(64)}`;

const alike: readonly (Ask & { readonly about: string })[] = [
  { about: 'the version', path: '/v2/' },
  ...['HEAD', 'GET'].flatMap((method) => [
    { about: 'an OCI index', method, path: '/v2/a/oci/manifests/1.0', headers: accept },
    { about: 'an OCI index by digest', method, path: `/v2/a/oci/manifests/${oci.digest}`, headers: accept },
    { about: 'a Docker list', method, path: '/v2/a/docker/manifests/1.0', headers: accept },
    { about: 'one image', method, path: '/v2/a/single/manifests/1.0', headers: accept },
    { about: 'an unknown tag', method, path: '/v2/a/oci/manifests/2.0', headers: accept },
    { about: 'an unknown digest', method, path: `/v2/a/oci/manifests/${unknownDigest}`, headers: accept },
    { about: 'an unknown repository', method, path: '/v2/no/such/manifests/1.0', headers: accept },
    { about: 'an unknown blob', method, path: `/v2/a/oci/blobs/${unknownDigest}` },
    { about: 'a config', method, path: `/v2/a/single/blobs/${single.configDigest}` },
  ]),
  {
    about: 'a child by digest',
    path: `/v2/a/oci/manifests/${oci.children.get('linux/arm64/v8')?.digest}`,
    headers: accept,
  },
  { about: 'a blob of another repository', path: `/v2/a/docker/blobs/${single.configDigest}` },
  {
    about: 'an OCI index without its type in Accept',
    path: '/v2/a/oci/manifests/1.0',
    headers: { accept: mediaTypes.docker.manifest },
  },
  {
    about: 'an OCI image without its type in Accept',
    path: '/v2/a/single/manifests/1.0',
    headers: { accept: mediaTypes.docker.manifest },
  },
  {
    about: 'a Docker list asked for as an image',
    path: '/v2/a/docker/manifests/1.0',
    headers: { accept: mediaTypes.docker.manifest },
  },
  {
    about: 'a Docker list by digest, asked for as an image',
    path: `/v2/a/docker/manifests/${docker.digest}`,
    headers: { accept: mediaTypes.docker.manifest },
  },
  {
    about: 'a manifest that has not changed',
    path: '/v2/a/oci/manifests/1.0',
    headers: { ...accept, 'if-none-match': `"${oci.digest}"` },
  },
  { about: 'tags', path: '/v2/a/oci/tags/list' },
  { about: 'tags', method: 'HEAD', path: '/v2/a/oci/tags/list' },
  { about: 'tags of an unknown repository', path: '/v2/no/such/tags/list' },
  { about: 'a path that is none', path: '/v2/a/oci/nothing/here' },
];

for (const { about, ...ask } of alike)
  test(`the fake answers as docker-registry: ${ask.method ?? 'GET'} of ${about}`, async () => {
    assert.deepEqual(await answerOf(fakes.open.host, ask), await answerOf(reals.open.host, ask));
  });

for (const path of ['/v2/', '/v2/a/oci/tags/list', '/v2/a/oci/manifests/1.0']) {
  test(`the fake asks for a password as docker-registry: ${path}`, async () => {
    assert.deepEqual(await answerOf(fakes.basic.host, { path }), await answerOf(reals.basic.host, { path }));
  });

  test(`the fake asks for a token as docker-registry: ${path}`, async () => {
    assert.deepEqual(await answerOf(fakes.token.host, { path }), await answerOf(reals.token.host, { path }));
  });

  test(`the fake says as docker-registry that a token is no good, or good for less: ${path}`, async () => {
    for (const token of ['rubbish', 'another repository'] as const) {
      const withToken = async (host: string, realm: string): Promise<object> => {
        const value = token === 'rubbish' ? token : await fetchToken(`${realm}?scope=repository:public/other:pull`);
        return answerOf(host, { path, headers: { authorization: `Bearer ${value}` } });
      };
      assert.deepEqual(
        await withToken(fakes.token.host, `${fakes.token.origin}/token`),
        await withToken(reals.token.host, `http://${reals.token.tokenHost}/token`),
      );
    }
  });
}

async function fetchToken(url: string): Promise<string> {
  return ((await (await fetch(url)).json()) as { token: string }).token;
}

// Known differences of 2.8.2. When one of these fails, docker-registry has learned it and the test moves up.
test('docker-registry 2.8.2 ignores n and last and never pages; the fake does as the specification says', async () => {
  const page = { path: '/v2/a/single/tags/list?n=1' };
  const [ours, theirs] = [
    await fetch(`${fakes.open.origin}${page.path}`),
    await fetch(`http://${reals.open.host}${page.path}`),
  ];
  assert.deepEqual(await ours.json(), { name: 'a/single', tags: ['1.0'] });
  assert.equal(ours.headers.get('link'), '</v2/a/single/tags/list?last=1.0&n=1>; rel="next"');
  const { tags } = (await theirs.json()) as { tags: string[] };
  assert.deepEqual([tags.sort(), theirs.headers.get('link')], [['1.0', '1.1'], null]);
});

test('docker-registry makes schema 1 of a Docker image by tag that was asked for without its type; the fake gives the image', async () => {
  const ask = { path: '/v2/a/schema2/manifests/1.0', headers: { accept: mediaTypes.oci.manifest } };
  const typeAt = async (host: string): Promise<string | null> =>
    (await fetch(`http://${host}${ask.path}`, { headers: ask.headers })).headers.get('content-type');
  assert.equal(await typeAt(fakes.open.host), mediaTypes.docker.manifest);
  assert.equal(await typeAt(reals.open.host), 'application/vnd.docker.distribution.manifest.v1+prettyjws');
});
