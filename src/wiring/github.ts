import type { GithubClient } from '../adapters/forge/github/github-client.ts';
import type { Analysis } from '../adapters/forge/github/upload-analysis.ts';
import { readWorldEnvironment, type WorldEnvironment } from '../config/environment.ts';
import { githubOf, ownGithub } from '../config/github-access.ts';
import type { TokenFacts } from '../domain/forge/token-gaps.ts';
import type { Instant } from '../domain/source/instant.ts';
import type { Pipeline } from '../ports/pipeline.ts';
import { pause } from './clock.ts';
import type { AddressFacts } from './forges.ts';
import { orRefusal } from './or-refusal.ts';

/** @returns `undefined` where nothing says that GitHub is there */
export async function openGithubClient(
  address: URL,
  clock: () => Instant,
  world: WorldEnvironment,
  { forge, privateHosts }: AddressFacts = {},
): Promise<{ readonly client: GithubClient; readonly close: () => Promise<void> } | undefined> {
  const found = githubOf(address, world.github, forge === 'github');
  if (found === undefined) return undefined;
  const isPrivateNamed = privateHosts?.has(address.hostname) === true;
  const place = { ...found, isPrivateAllowed: found.isPrivateAllowed || isPrivateNamed };
  const [{ createHttpClient }, { createGithubClient }, { readAppKey }] = await Promise.all([
    import('../adapters/http/http-client.ts'),
    import('../adapters/forge/github/github-client.ts'),
    import('../adapters/forge/github/read-app-key.ts'),
  ]);
  const { credential: named, ...at } = place;
  const credential =
    named?.kind === 'app' ? { kind: named.kind, appId: named.appId, privateKey: await readAppKey(named.key) } : named;
  const http = orRefusal(() => createHttpClient({ proxies: world.proxies }));
  const access = credential === undefined ? at : { ...at, credential };
  return { client: createGithubClient(http, access, { clock, pause }), close: () => http.close() };
}

/**
 * What the credential for GitHub may that the environment names, asked of the GitHub that it is of.
 *
 * @returns `undefined` when it names none
 * @throws ForgeError
 */
export async function describeGithubToken(
  clock: () => Instant,
  world: WorldEnvironment = readWorldEnvironment(),
): Promise<TokenFacts | undefined> {
  const { describeToken } = await import('../adapters/forge/github/describe-token.ts');
  const opened = await openGithubClient(ownGithub(world.github), clock, world);
  try {
    return opened && (await describeToken(opened.client));
  } finally {
    await opened?.close();
  }
}

/** Of one check, for GitHub's code scanning. Whoever names the API's host in the environment may name a private one. @throws ForgeError */
export async function sendAnalysis(
  analysis: Analysis,
  { apiUrl, token }: { readonly apiUrl: string; readonly token: string },
  clock: () => Instant,
): Promise<void> {
  const [{ createHttpClient }, { createGithubClient }, { uploadAnalysis }] = await Promise.all([
    import('../adapters/http/http-client.ts'),
    import('../adapters/forge/github/github-client.ts'),
    import('../adapters/forge/github/upload-analysis.ts'),
  ]);
  const http = orRefusal(() => createHttpClient({ proxies: readWorldEnvironment().proxies }));
  const isPrivateAllowed = new URL(apiUrl).host !== 'api.github.com';
  const access = { apiUrl, credential: { kind: 'token', token, isOfJob: true }, isPrivateAllowed } as const;
  try {
    await uploadAnalysis(createGithubClient(http, access, { clock, pause }), analysis);
  } finally {
    await http.close();
  }
}

export type PipelineConnection = { readonly pipeline: Pipeline; readonly close: () => Promise<void> };

/** The repository on GitHub that a job runs for. Whoever names the API's host in the environment may name a private one. */
export async function openPipeline(
  repository: { readonly apiUrl: string; readonly name: string; readonly token?: string },
  state: 'variables' | 'branch',
  clock: () => Instant,
): Promise<PipelineConnection> {
  const [{ createHttpClient }, { createGithubPipeline }] = await Promise.all([
    import('../adapters/http/http-client.ts'),
    import('../adapters/pipeline/github/create-github-pipeline.ts'),
  ]);
  const http = orRefusal(() => createHttpClient({ proxies: readWorldEnvironment().proxies }));
  const isPrivateAllowed = new URL(repository.apiUrl).host !== 'api.github.com';
  const pipeline = createGithubPipeline({ ...repository, isPrivateAllowed }, state, { http, clock, wait: pause });
  return { pipeline, close: () => http.close() };
}
