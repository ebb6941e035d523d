/**
 * A normalised image reference. `registry` is always present (`docker.io` when none was written), `repository` carries
 * `library/` for one-component names on Docker Hub. Tag and digest are absent when not written.
 */
export type Reference = {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
};

export type ParsedReference =
  | { readonly kind: 'ok'; readonly reference: Reference }
  /** `reason`: one clause, what is wrong and where it helps what to write. */
  | { readonly kind: 'invalid'; readonly reason: string };

const maxPathLength = 255;
const maxTextLength = 4096;

const domain =
  /^(?:\[[0-9a-fA-F:]+\]|(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]+)?$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const knownDigestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/**
 * Reads a reference as Docker does: what stands before the first slash is a registry if it is `localhost`, holds a dot, a
 * colon or an upper-case letter; `index.docker.io` is `docker.io`; nothing is added to tag and digest.
 *
 * @see the grammar in `distribution/reference`; facts on edge cases in test/domain/image/reference.test.ts
 */
export function parseReference(text: string): ParsedReference {
  if (text === '') return invalid('it is empty');
  if (text.length > maxTextLength) return invalid(`it is longer than ${maxTextLength} characters`);
  if (/^[a-f0-9]{64}$/.test(text))
    return invalid('64 hexadecimal digits are an image ID, which cannot be pulled; write a name');
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const { registry, path } = splitName(name);
  const reason = nameProblem(registry, path) ?? tagProblem(tag) ?? digestProblem(digest);
  if (reason !== undefined) return invalid(reason);
  const isHub = registry === undefined || registry === 'docker.io' || registry === 'index.docker.io';
  const repository = isHub && !path.includes('/') ? `library/${path}` : path;
  // The limit is on the path as Docker Hub stores it; a written registry other than Docker Hub does not count.
  if (repository.length > maxPathLength) return invalid(`its name is longer than ${maxPathLength} characters`);
  return {
    kind: 'ok',
    reference: {
      registry: isHub ? 'docker.io' : (registry ?? 'docker.io'),
      repository,
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    },
  };
}

/** Canonical text; nothing added. `parseReference(formatReference(r))` is `r`. */
export function formatReference(reference: Reference): string {
  return repositoryName(reference) + suffix(reference);
}

/** Canonical text with `:latest` where neither tag nor digest is written: what a build would pull. */
export function canonicalReference(reference: Reference): string {
  const isBare = reference.tag === undefined && reference.digest === undefined;
  return `${repositoryName(reference)}${isBare ? ':latest' : suffix(reference)}`;
}

/** As people write it: without `docker.io/` and `library/`. */
export function familiarReference(reference: Reference): string {
  const { registry, repository } = reference;
  if (registry !== 'docker.io') return formatReference(reference);
  const isLibrary = repository.startsWith('library/') && !repository.slice('library/'.length).includes('/');
  return (isLibrary ? repository.slice('library/'.length) : repository) + suffix(reference);
}

/** What its tag stands for, whatever was pinned. */
export function withoutDigest({ registry, repository, tag }: Reference): Reference {
  return { registry, repository, ...(tag === undefined ? {} : { tag }) };
}

/** `registry/repository`. */
export function repositoryName({ registry, repository }: Reference): string {
  return `${registry}/${repository}`;
}

function suffix({ tag, digest }: Reference): string {
  return (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
}

function splitName(name: string): { registry: string | undefined; path: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isRegistry = slash >= 0 && (first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase());
  return isRegistry ? { registry: first, path: name.slice(slash + 1) } : { registry: undefined, path: name };
}

function nameProblem(registry: string | undefined, path: string): string | undefined {
  if (registry !== undefined && !domain.test(registry)) return `${JSON.stringify(registry)} is no registry host`;
  if (path === '') return 'it names no repository';
  const lower = path.toLowerCase();
  const wrong = lower.split('/').find((component) => !isPathComponent(component));
  if (wrong !== undefined)
    return wrong === '' ? 'its name has an empty part' : `${JSON.stringify(wrong)} is no part of a repository name`;
  return path === lower ? undefined : `a repository name is lower case: write ${lower}`;
}

/** Lower-case letters and digits, joined by `.`, `_`, `__` or dashes. Written out: a regular expression could backtrack. */
function isPathComponent(component: string): boolean {
  let separator = '';
  let hasText = false;
  for (const character of component) {
    if (/[a-z0-9]/.test(character)) {
      if (separator !== '' && !/^(?:\.|_|__|-+)$/.test(separator)) return false;
      if (separator !== '' && !hasText) return false;
      separator = '';
      hasText = true;
    } else if (character === '.' || character === '_' || character === '-') separator += character;
    else return false;
  }
  return hasText && separator === '';
}

function tagProblem(tag: string | undefined): string | undefined {
  if (tag === undefined || tagForm.test(tag)) return undefined;
  return tag === ''
    ? 'there is no tag behind the colon'
    : `${JSON.stringify(tag)} is no tag: letters, digits, _ . - and at most 128 of them`;
}

function digestProblem(digest: string | undefined): string | undefined {
  if (digest === undefined) return undefined;
  const hex = digest.slice(digest.indexOf(':') + 1);
  const expected = knownDigestLengths.get(digest.slice(0, digest.indexOf(':')));
  const isWrong =
    !digestForm.test(digest) || (expected !== undefined && (hex.length !== expected || hex !== hex.toLowerCase()));
  return isWrong ? `${JSON.stringify(digest)} is no digest: write sha256: and 64 hexadecimal digits` : undefined;
}

function invalid(reason: string): ParsedReference {
  return { kind: 'invalid', reason };
}
