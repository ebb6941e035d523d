import { startFakeRegistry } from '../fakes/registry/fake-registry.ts';
import { flavours, originsOf } from '../fakes/registry/flavours.ts';
import type { Switches } from '../fakes/registry/switches.ts';
import type { Access } from '../fakes/registry/users.ts';
import { connect } from './connect-registry.ts';
import { registryContract, wrongSecret } from './registry.contract.ts';

const user = { username: 'ann', secret: 'correct horse', identityToken: 'an-identity-token' } as const;
const password = { kind: 'basic', username: user.username, secret: user.secret } as const;
const wrongPassword = { ...password, secret: wrongSecret } as const;
const publish = async (): Promise<void> => {};

for (const [name, access, credential, switches] of [
  ['asks for nothing', { kind: 'open' }, undefined, {}],
  ['asks for a password', { kind: 'basic', users: [user] }, password, {}],
  ['asks anybody for a token', { kind: 'token' }, undefined, {}],
  ['asks users for a token', { kind: 'token', users: [user], isAnonymousAllowed: false }, password, {}],
  [
    'trades identity tokens',
    { kind: 'token', users: [user], isAnonymousAllowed: false },
    { kind: 'identity', token: user.identityToken },
    {},
  ],
  ['names two ways in one header', { kind: 'token' }, undefined, { challenge: 'with-basic-in-one-line' }],
  ['names two ways in two headers', { kind: 'token' }, undefined, { challenge: 'with-basic-in-own-header' }],
  ['says only at /v2/ what it wants', { kind: 'token' }, undefined, { challenge: 'absent' }],
  ['has a relative realm', { kind: 'token' }, undefined, { realm: '/token', service: 'a "service", of sorts' }],
  ['says no life of tokens', { kind: 'token' }, undefined, { tokenSeconds: undefined, tokenMember: 'access_token' }],
  ['wants more than pull', { kind: 'token' }, undefined, { requiredActions: ['pull', 'metadata_read'] }],
  ['says no digest', { kind: 'open' }, undefined, { digestHeader: 'missing' }],
  ['allows no HEAD', { kind: 'open' }, undefined, { headManifests: 'not-allowed' }],
  ['finds nothing by HEAD', { kind: 'open' }, undefined, { headManifests: 'not-found' }],
  ['has short pages and relative links', { kind: 'open' }, undefined, { pageSize: 3, link: 'relative' }],
  ['has short pages and absolute links', { kind: 'open' }, undefined, { pageSize: 3, link: 'absolute' }],
  [
    'lists oldest first, with null members',
    { kind: 'open' },
    undefined,
    { tagOrder: 'pushed', tagsMember: 'null-members' },
  ],
  ['packs what it says', { kind: 'open' }, undefined, { gzip: true, contentTypeParameters: '; charset=utf-8' }],
] as const satisfies readonly (readonly [string, Access, typeof password | object | undefined, Partial<Switches>])[])
  registryContract({
    name: `a registry that ${name}`,
    start: async (content) => {
      const fake = await startFakeRegistry({ content, access, switches });
      const registry = connect({ host: fake.host, ...(credential === undefined ? {} : { credential }) });
      return {
        host: fake.host,
        registry,
        publish,
        close: async () => {
          await registry.close();
          await fake.close();
        },
      };
    },
    ...(credential?.kind === 'basic'
      ? { connectWrongly: ({ host }) => connect({ host, credential: wrongPassword }) }
      : {}),
  });

for (const host of ['docker.io', 'ghcr.io', 'gcr.io', 'mcr.microsoft.com', 'quay.io'] as const)
  registryContract({
    name: `a registry like ${host}`,
    start: async (content) => {
      const access = host === 'mcr.microsoft.com' ? 'open' : 'token';
      const fake = await startFakeRegistry({ content, access: { kind: access }, switches: flavours[host].switches });
      const registry = connect({ host, origins: originsOf(host, fake) });
      return {
        host,
        registry,
        publish,
        close: async () => {
          await registry.close();
          await fake.close();
        },
      };
    },
  });
