import { canonicalReference, type Reference } from '../../domain/image/reference.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import { CredentialError, type Credentials } from '../../ports/credentials.ts';
import { type Budget, type Registry, RegistryError } from '../../ports/registry.ts';
import type { DoctorCheck } from './doctor-result.ts';

/** One host and the images of the tree that lie there; none for one that is asked anyway. */
export type AskedHost = {
  readonly host: string;
  readonly uses: number;
  readonly images: readonly Reference[];
  /** Asked for where the tree has no image of the host. */
  readonly sample?: Reference;
};

export type RegistryPorts = {
  readonly registry: Pick<Registry, 'resolve' | 'budgets'>;
  readonly credentials: Credentials;
};

/** Enough to tell one image that is gone from a host that shows nothing. */
const triedImages = 3;

/** Asks one registry for the digest of an image: costs no pull. */
export async function checkRegistry(ports: RegistryPorts, asked: AskedHost): Promise<DoctorCheck> {
  const images = asked.images.length > 0 ? asked.images : asked.sample === undefined ? [] : [asked.sample];
  const credential = await findCredential(ports.credentials, images[0]);
  const answer = await askFor(ports.registry, images.slice(0, triedImages));
  const budget = ports.registry.budgets().find(({ host }) => host === asked.host);
  const finding = judge(asked.host, answer, credential, budget);
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

async function findCredential(credentials: Credentials, image: Reference | undefined): Promise<FoundOrNot> {
  if (image === undefined) return { kind: 'anonymous' };
  try {
    const found = await credentials.find(image);
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

type Finding = Pick<DoctorCheck, 'state' | 'says' | 'remedy'>;

function judge(host: string, answer: Answer, credential: FoundOrNot, budget: Budget | undefined): Finding {
  if (credential.kind === 'broken')
    return { state: 'problem', says: credential.message, remedy: `mend it, or log in again: docker login ${host}` };
  const who = credential.kind === 'found' ? `with ${credential.source}` : 'anonymous';
  if (answer.kind === 'resolved') return { ...judgeBudget(host, budget, who) };
  return judgeRefusal(host, answer.image, answer.error, credential);
}

function judgeBudget(host: string, budget: Budget | undefined, who: string): Finding {
  if (budget === undefined) return { state: 'ok', says: `answers; ${who}`, remedy: null };
  const { remaining, limit, reserve, windowSeconds } = budget;
  const says = `answers; ${who}; ${remaining} of ${limit} pulls left in ${hours(windowSeconds)}`;
  return remaining > reserve
    ? { state: 'ok', says, remedy: null }
    : { state: 'warn', says, remedy: `new images are read when pulls are left; docker login ${host} has more of them` };
}

function judgeRefusal(host: string, image: string, error: RegistryError, credential: FoundOrNot): Finding {
  const says = error.message;
  switch (error.code) {
    case 'not-found':
      return credential.kind === 'found'
        ? {
            state: 'problem',
            says,
            remedy: `check the name, and that the login of ${credential.source} may pull ${image}`,
          }
        : { state: 'problem', says, remedy: `check the name; if it is private, docker login ${host}` };
    case 'unauthorized':
      return credential.kind === 'found'
        ? { state: 'problem', says, remedy: `the login of ${credential.source} is not accepted: docker login ${host}` }
        : { state: 'problem', says, remedy: `docker login ${host}; in CI set DOCKER_AUTH_CONFIG` };
    case 'rate-limited':
    case 'over-budget': {
      const until = error.retryAt === undefined ? 'later' : `after ${formatInstant(error.retryAt)}`;
      const login = credential.kind === 'found' ? '' : `; docker login ${host} has a higher limit`;
      return { state: 'warn', says, remedy: `try again ${until}${login}` };
    }
    case 'unavailable':
      return { state: 'problem', says, remedy: 'check its name, the network, and the proxy' };
    case 'malformed':
      return {
        state: 'problem',
        says,
        remedy: `check that ${host} is a registry and no other web site answers for it`,
      };
    case 'refused':
      return {
        state: 'problem',
        says,
        remedy: `if it is yours, set registries."${host}".private: true in the organisation's policy file`,
      };
  }
}

function hours(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds} s`;
}
