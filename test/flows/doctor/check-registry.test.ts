import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../../../src/domain/image/manifest.ts';
import { parseReference, type Reference } from '../../../src/domain/image/reference.ts';
import { checkRegistry, type RegistryPorts } from '../../../src/flows/doctor/check-registry.ts';
import { CredentialError, type FoundCredential } from '../../../src/ports/credentials.ts';
import { type Budget, RegistryError, type RegistryErrorCode } from '../../../src/ports/registry.ts';

type World = {
  /** References that the registry knows; every other is answered by the refusal. */
  readonly known?: readonly string[];
  readonly refusal?: RegistryErrorCode;
  readonly retryAt?: number;
  readonly source?: string;
  readonly brokenLogin?: string;
  readonly budget?: Omit<Budget, 'host'>;
  readonly fault?: string;
};

/** A registry that is asked by name. */
function worldOf(world: World, asked: string[] = []): RegistryPorts {
  const host = 'ghcr.io';
  return {
    registry: {
      resolve: async ({ registry, repository }, tag) => {
        const name = `${registry}/${repository}:${tag}`;
        asked.push(name);
        if (world.known?.includes(name)) return { digest: `sha256:${'a'.repeat(64)}` as Digest, mediaType: 'x' };
        const code = world.refusal ?? 'not-found';
        throw new RegistryError(code, host, `cannot ask for ${name}: ${code}`, { retryAt: world.retryAt });
      },
      faults: () => (world.fault === undefined ? [] : [{ host, message: world.fault }]),
      budgets: () => (world.budget === undefined ? [] : [{ host, ...world.budget }]),
    },
    credentials: {
      find: async (): Promise<FoundCredential | undefined> => {
        if (world.brokenLogin !== undefined) throw new CredentialError(world.brokenLogin);
        if (world.source === undefined) return undefined;
        return { credential: { kind: 'basic', username: 'me', secret: 'hunter2' }, source: world.source };
      },
    },
  };
}

function references(...names: readonly string[]): readonly Reference[] {
  return names.flatMap((name) => {
    const parsed = parseReference(name);
    return parsed.kind === 'ok' ? [parsed.reference] : [];
  });
}

const image = 'ghcr.io/acme/base:1';
const pulls = { limit: 100, reserve: 20, windowSeconds: 21_600 };
const at = Date.parse('2026-11-23T12:00:00Z');

for (const [title, world, state, says, remedy] of [
  ['answers anonymously', { known: [image] }, 'ok', 'answers; anonymous', null],
  [
    'accepts a login',
    { known: [image], source: 'docker-credential-x' },
    'ok',
    'answers; with docker-credential-x',
    null,
  ],
  [
    'grants pulls',
    { known: [image], budget: { ...pulls, remaining: 21 } },
    'ok',
    'answers; anonymous; 21 of 100 pulls left in 6 h',
    null,
  ],
  [
    'has few pulls left',
    { known: [image], budget: { ...pulls, remaining: 20 } },
    'warn',
    'answers; anonymous; 20 of 100 pulls left in 6 h',
    'new images are read when pulls are left; docker login ghcr.io has more of them',
  ],
  [
    'answers without the login it refuses',
    { known: [image], source: 'x', fault: 'ghcr.io refuses the credentials from x' },
    'warn',
    'ghcr.io refuses the credentials from x',
    'docker login ghcr.io',
  ],
  [
    'asks for a login',
    { refusal: 'unauthorized' },
    'problem',
    `cannot ask for ${image}: unauthorized`,
    'docker login ghcr.io; in CI set DOCKER_AUTH_CONFIG',
  ],
  [
    'rejects a login',
    { refusal: 'unauthorized', source: '~/.docker/config.json' },
    'problem',
    `cannot ask for ${image}: unauthorized`,
    'the login of ~/.docker/config.json is not accepted: docker login ghcr.io',
  ],
  [
    'does not know the image',
    {},
    'problem',
    `cannot ask for ${image}: not-found`,
    'check the name; if it is private, docker login ghcr.io',
  ],
  [
    'does not show the image to the login',
    { source: 'DOCKER_AUTH_CONFIG' },
    'problem',
    `cannot ask for ${image}: not-found`,
    `check the name, and that the login of DOCKER_AUTH_CONFIG may pull ${image}`,
  ],
  [
    'asks to wait',
    { refusal: 'rate-limited', retryAt: at },
    'warn',
    `cannot ask for ${image}: rate-limited`,
    'try again after 2026-11-23T12:00:00Z; docker login ghcr.io has a higher limit',
  ],
  [
    'does not answer',
    { refusal: 'unavailable' },
    'problem',
    `cannot ask for ${image}: unavailable`,
    'check its name, the network, and the proxy',
  ],
  [
    'is no registry',
    { refusal: 'malformed' },
    'problem',
    `cannot ask for ${image}: malformed`,
    'check that ghcr.io is a registry and no other web site answers for it',
  ],
  [
    'has a private address',
    { refusal: 'refused' },
    'problem',
    `cannot ask for ${image}: refused`,
    'if it is yours, set registries."ghcr.io".private: true in the organisation\'s policy file',
  ],
  [
    'has a broken login',
    { refusal: 'unauthorized', brokenLogin: 'docker-credential-x failed for ghcr.io (exit code 1)' },
    'problem',
    'docker-credential-x failed for ghcr.io (exit code 1)',
    'mend it, or log in again: docker login ghcr.io',
  ],
] as const satisfies readonly (readonly [string, World, string, string, string | null])[]) {
  test(`a registry that ${title} is told`, async () => {
    const check = await checkRegistry(worldOf(world), { host: 'ghcr.io', uses: 3, images: references(image) });
    assert.deepEqual([check.state, check.says, check.remedy], [state, says, remedy]);
    assert.ok(!JSON.stringify(check).includes('hunter2'));
  });

  test(`one that no image of the tree needs and ${title} is no problem`, async () => {
    const [sample] = references(image);
    const asked = { host: 'ghcr.io', uses: 0, images: [], ...(sample === undefined ? {} : { sample }) };
    const check = await checkRegistry(worldOf(world), asked);
    assert.equal(check.state, state === 'problem' ? 'warn' : state);
  });
}

test('one image that is gone does not make a registry a problem', async () => {
  const asked: string[] = [];
  const images = references('ghcr.io/a/gone:1', 'ghcr.io/a/there:2', 'ghcr.io/a/more:3');
  const world = worldOf({ known: ['ghcr.io/a/there:2'] }, asked);
  const check = await checkRegistry(world, { host: 'ghcr.io', uses: 3, images });
  assert.equal(check.state, 'ok');
  assert.deepEqual(asked, ['ghcr.io/a/gone:1', 'ghcr.io/a/there:2']);
});

test('at most three images are asked for, and only one where it does not answer', async () => {
  const images = references('ghcr.io/a/a:1', 'ghcr.io/a/b:1', 'ghcr.io/a/c:1', 'ghcr.io/a/d:1');
  const gone: string[] = [];
  await checkRegistry(worldOf({}, gone), { host: 'ghcr.io', uses: 4, images });
  assert.equal(gone.length, 3);
  const silent: string[] = [];
  await checkRegistry(worldOf({ refusal: 'unavailable' }, silent), { host: 'ghcr.io', uses: 4, images });
  assert.equal(silent.length, 1);
});

test('what is told of a registry is told as data, too', async () => {
  const world = worldOf({ known: [image], source: 'x', budget: { ...pulls, remaining: 50 } });
  const check = await checkRegistry(world, { host: 'ghcr.io', uses: 3, images: references(image) });
  assert.deepEqual(check.registry, {
    uses: 3,
    isReachable: true,
    credential: 'x',
    pulls: { remaining: 50, limit: 100, windowSeconds: 21_600 },
  });
});

test("a mirror is asked with the mirror's own login", async () => {
  const asked: unknown[] = [];
  const world = worldOf({ refusal: 'unauthorized' });
  const credentials = {
    find: async (address: unknown) => {
      asked.push(address);
      return undefined;
    },
  };
  const endpoint = 'https://harbor.corp.example/proxy';
  const images = references(image);
  const check = await checkRegistry({ ...world, credentials }, { host: 'ghcr.io', uses: 1, images, endpoint });
  assert.deepEqual(asked, [{ registry: 'harbor.corp.example', repository: 'proxy/acme/base' }]);
  assert.equal(check.remedy, 'docker login harbor.corp.example; in CI set DOCKER_AUTH_CONFIG');
});
