import { canonicalReference, type Reference } from '../../domain/image/reference.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import { CredentialError, type Credentials } from '../../ports/credentials.ts';
import {
  type Budget,
  type Registry,
  RegistryError,
  type RegistryFault,
  type RepositoryAddress,
} from '../../ports/registry.ts';
import type { DoctorCheck } from './doctor-result.ts';

/** One host and the images of the tree that lie there; none for one that is asked anyway. */
export type AskedHost = {
  readonly host: string;
  readonly uses: number;
  readonly images: readonly Reference[];
  /** Asked for where the tree has no image of the host. */
  readonly sample?: Reference;
  /** Where it is asked instead: that host's login is used. */
  readonly endpoint?: string;
};

export type RegistryPorts = {
  readonly registry: Pick<Registry, 'resolve' | 'budgets' | 'faults'>;
  readonly credentials: Credentials;
};

/** Enough to tell one image that is gone from a host that shows nothing. */
const triedImages = 3;

/** Asks one registry for the digest of an image: costs no pull. */
export async function checkRegistry(ports: RegistryPorts, asked: AskedHost): Promise<DoctorCheck> {
  const images = asked.images.length > 0 ? asked.images : asked.sample === undefined ? [] : [asked.sample];
  const credential = await findCredential(ports.credentials, images[0], asked.endpoint);
  const answer = await askFor(ports.registry, images.slice(0, triedImages));
  const budget = ports.registry.budgets().find(({ host }) => host === asked.host);
  const fault = ports.registry.faults().find(({ host }) => host === asked.host);
  const loginHost = asked.endpoint === undefined ? asked.host : new URL(asked.endpoint).host;
  const finding = judge({ host: asked.host, loginHost, credential }, answer, budget, fault);
  const isNeeded = asked.uses > 0;
  return {
    area: 'registry',
    name: asked.host,
    state: finding.state === 'problem' && !isNeeded ? 'warn' : finding.state,
    says: finding.says,
    remedy: finding.remedy,
    registry: {
      uses: asked.uses,
      isReachable: answer.kind === 'resolved' || isAnswer(answer.error),
      credential: credential.kind === 'found' ? credential.source : null,
      pulls:
        budget === undefined
          ? null
          : { remaining: budget.remaining, limit: budget.limit, windowSeconds: budget.windowSeconds },
    },
  };
}

type FoundOrNot =
  | { readonly kind: 'found'; readonly source: string }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'broken'; readonly message: string };

async function findCredential(
  credentials: Credentials,
  image: Reference | undefined,
  endpoint: string | undefined,
): Promise<FoundOrNot> {
  if (image === undefined) return { kind: 'anonymous' };
  try {
    const found = await credentials.find(endpoint === undefined ? image : addressAt(endpoint, image));
    return found === undefined ? { kind: 'anonymous' } : { kind: 'found', source: found.source };
  } catch (error) {
    if (error instanceof CredentialError) return { kind: 'broken', message: error.message };
    throw error;
  }
}

type Answer =
  | { readonly kind: 'resolved' }
  | { readonly kind: 'refused'; readonly image: string; readonly error: RegistryError };

/** The first image that the registry knows, else its word on the last one. */
async function askFor(registry: RegistryPorts['registry'], images: readonly Reference[]): Promise<Answer> {
  let refusal: Answer = { kind: 'resolved' };
  for (const image of images) {
    try {
      await registry.resolve(image, image.tag ?? image.digest ?? 'latest');
      return { kind: 'resolved' };
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      refusal = { kind: 'refused', image: canonicalReference(image), error };
      if (error.code !== 'not-found') return refusal;
    }
  }
  return refusal;
}

function isAnswer({ code }: RegistryError): boolean {
  return code === 'not-found' || code === 'unauthorized' || code === 'rate-limited' || code === 'over-budget';
}

function addressAt(endpoint: string, { repository }: Reference): RepositoryAddress {
  const { host, pathname } = new URL(endpoint);
  const prefix = pathname.replace(/^\//, '');
  return { registry: host, repository: prefix === '' ? repository : `${prefix}/${repository}` };
}

type Finding = Pick<DoctorCheck, 'state' | 'says' | 'remedy'>;

/** `loginHost`: the one that `docker login` takes. */
type Asker = { readonly host: string; readonly loginHost: string; readonly credential: FoundOrNot };

function judge(asker: Asker, answer: Answer, budget: Budget | undefined, fault: RegistryFault | undefined): Finding {
  const { credential, loginHost } = asker;
  if (credential.kind === 'broken')
    return {
      state: 'problem',
      says: credential.message,
      remedy: `mend it, or log in again: docker login ${loginHost}`,
    };
  if (answer.kind === 'refused') return judgeRefusal(asker, answer);
  // It answers all the same: what is public is read without the login.
  if (fault !== undefined) return { state: 'warn', says: fault.message, remedy: `docker login ${loginHost}` };
  return judgeBudget(asker, budget);
}

function judgeBudget({ host, loginHost, credential }: Asker, budget: Budget | undefined): Finding {
  const place = loginHost === host ? '' : ` at ${loginHost}`;
  const answers = `answers${place}; ${credential.kind === 'found' ? `with ${credential.source}` : 'anonymous'}`;
  if (budget === undefined) return { state: 'ok', says: answers, remedy: null };
  const { remaining, limit, reserve, windowSeconds } = budget;
  const says = `${answers}; ${remaining} of ${limit} pulls left in ${hours(windowSeconds)}`;
  if (remaining > reserve) return { state: 'ok', says, remedy: null };
  const remedy = `new images are read when pulls are left; docker login ${loginHost} has more of them`;
  return { state: 'warn', says, remedy };
}

function judgeRefusal(asker: Asker, { error, image }: Extract<Answer, { kind: 'refused' }>): Finding {
  const { host, loginHost, credential } = asker;
  const problem = (remedy: string): Finding => ({ state: 'problem', says: error.message, remedy });
  const source = credential.kind === 'found' ? credential.source : undefined;
  switch (error.code) {
    case 'not-found':
      return source === undefined
        ? problem(`check the name; if it is private, docker login ${loginHost}`)
        : problem(`check the name, and that the login of ${source} may pull ${image}`);
    case 'unauthorized':
      return source === undefined
        ? problem(`docker login ${loginHost}; in CI set DOCKER_AUTH_CONFIG`)
        : problem(`the login of ${source} is not accepted: docker login ${loginHost}`);
    case 'rate-limited':
    case 'over-budget': {
      const until = error.retryAt === undefined ? 'later' : `after ${formatInstant(error.retryAt)}`;
      const login = source === undefined ? `; docker login ${loginHost} has a higher limit` : '';
      return { state: 'warn', says: error.message, remedy: `try again ${until}${login}` };
    }
    case 'unavailable':
      return problem('check its name, the network, and the proxy');
    case 'malformed':
      return problem(`check that ${loginHost} is a registry and no other web site answers for it`);
    case 'refused':
      return problem(`if it is yours, set registries."${host}".private: true in the organisation's policy file`);
    case 'too-large':
    case 'unwritable':
      return problem('look at the folder and the bound that it names');
  }
}

function hours(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds} s`;
}
