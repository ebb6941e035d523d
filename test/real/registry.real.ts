import { connect } from '../contracts/connect-registry.ts';
import { registryContract, wrongSecret } from '../contracts/registry.contract.ts';
import { startFakeRegistry } from '../fakes/registry/fake-registry.ts';
import { copyImage } from './copy-image.ts';
import { startDockerRegistry, user } from './docker-registry.ts';

/** The contract, against Debian's docker-registry filled by skopeo. */
const password = { kind: 'basic', ...user } as const;

for (const access of ['open', 'basic', 'token'] as const) {
  let tokenHost: string | undefined;
  registryContract({
    name: `docker-registry, ${access}`,
    start: async (content) => {
      const real = await startDockerRegistry(access);
      const source = await startFakeRegistry({ content });
      tokenHost = real.tokenHost;
      const registry = connect({
        host: real.host,
        tokenHost,
        ...(access === 'open' ? {} : { credential: password }),
      });
      return {
        host: real.host,
        registry,
        publish: (repository, tag) => copyImage(source, real.host, `${repository}:${tag}`),
        close: async () => {
          await registry.close();
          await source.close();
          await real.close();
        },
      };
    },
    ...(access === 'open'
      ? {}
      : {
          connectWrongly: ({ host }) => connect({ host, tokenHost, credential: { ...password, secret: wrongSecret } }),
        }),
  });
}
