import picomatch from 'picomatch';
import type { Reference } from '../image/reference.ts';

/**
 * An image pattern of the policy file: `host/path[:tag]`, host mandatory. `*` stays within a path segment or the tag,
 * `**` crosses segments. Without a tag it means every tag. `scratch` is the empty base; `**` alone is everything.
 */
export type ImagePattern = {
  readonly text: string;
  readonly matches: (reference: Reference) => boolean;
  readonly matchesScratch: boolean;
};

/** `reason` says what is wrong and what to write instead. */
export type CompiledPattern =
  | { readonly kind: 'pattern'; readonly pattern: ImagePattern }
  | { readonly kind: 'invalid'; readonly reason: string };

// Braces, extglobs and negation are switched off: a pattern says one thing, and cannot be made to backtrack.
const globOptions = { nobrace: true, noext: true, nonegate: true, dot: true, noquantifiers: true, maxLength: 1024 };
const legalCharacters = /^[A-Za-z0-9._\-/*:[\]]+$/;

export function compilePattern(text: string): CompiledPattern {
  if (text === 'scratch') return compiled({ text, matches: () => false, matchesScratch: true });
  if (text === '**') return compiled({ text, matches: () => true, matchesScratch: true });
  if (text.length > 512 || !legalCharacters.test(text))
    return invalid(`${JSON.stringify(text)} is no image pattern: write host/path[:tag], with * and ** as wildcards`);
  if (text.includes('***') || stars(text) > 8) return invalid(`${JSON.stringify(text)} has too many wildcards`);
  const { name, tag } = splitTag(text);
  const host = name.slice(0, Math.max(0, name.indexOf('/')));
  if (!/[.:*]|^localhost$/.test(host))
    return invalid(`${JSON.stringify(text)} names no registry: write ${JSON.stringify(withHost(text))}`);
  const matchesName = name === '**' ? () => true : picomatch(name, globOptions);
  const matchesTag = tag === undefined || tag === '*' ? () => true : picomatch(tag, globOptions);
  const matches = (reference: Reference) =>
    matchesName(`${reference.registry}/${reference.repository}`) && matchesTag(effectiveTag(reference));
  return compiled({ text, matches, matchesScratch: false });
}

/** Untagged means `latest`, unless a digest decides; then there is no tag, and only patterns without one match. */
function effectiveTag(reference: Reference): string {
  return reference.tag ?? (reference.digest === undefined ? 'latest' : '-');
}

/** The tag begins at the last colon behind the last slash; `[::1]:5000/a` and `host:5000/a` have none. */
function splitTag(text: string): { name: string; tag: string | undefined } {
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1);
  return colon < 0 ? { name: text, tag: undefined } : { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

function withHost(text: string): string {
  return text.includes('/') ? `docker.io/${text}` : `docker.io/library/${text}`;
}

function stars(text: string): number {
  return text.split('*').length - 1;
}

function compiled(pattern: ImagePattern): CompiledPattern {
  return { kind: 'pattern', pattern };
}

function invalid(reason: string): CompiledPattern {
  return { kind: 'invalid', reason };
}
