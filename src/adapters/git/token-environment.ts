import type { RepositoryUrl } from '../../domain/fleet/repository-url.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Gives git a token for one host alone: by its environment, since others on the machine may read a command line. */
export function withToken(environment: Environment, url: RepositoryUrl, token: string): Environment {
  const count = Number(environment['GIT_CONFIG_COUNT'] ?? 0);
  const port = url.port === undefined ? '' : `:${url.port}`;
  // GitHub documents this user; GitLab takes any.
  const credential = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    ...environment,
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: `http.${url.protocol}://${url.host}${port}/.extraHeader`,
    [`GIT_CONFIG_VALUE_${count}`]: `Authorization: Basic ${credential}`,
  };
}
