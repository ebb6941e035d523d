import type { Dockerfile } from '../domain/dockerfile/dockerfile.ts';
import { canonicalReference, parseReference, type Reference } from '../domain/image/reference.ts';
import type { Classification } from '../domain/policy/classify.ts';
import type { Policy } from '../domain/policy/policy.ts';

/** A Dockerfile of this tree together with the target that a build definition builds of it. */
export type Producer = { readonly dockerfile: Dockerfile; readonly target?: string };

/** Canonical references of images that the tree builds → how. */
export type Producers = ReadonlyMap<string, Producer>;

export type InternalImage = { readonly classification: Classification; readonly chain: readonly string[] };

const maxChain = 16;

/** Adds what a build definition produces. */
export function addProducers(producers: Map<string, Producer>, produces: readonly string[], producer: Producer): void {
  for (const text of produces) {
    const parsed = parseReference(text);
    if (parsed.kind === 'invalid') continue;
    producers.set(canonicalReference(parsed.reference), producer);
  }
}

/**
 * An image that this tree builds takes the category of its own base; the chain names every image down to it. That goes for
 * the very tag that is built, never for a digest, and only for images that would be prohibited otherwise: what is official
 * is pulled from its registry, whatever a build definition calls itself. One that the policy lists under `sources.internal` and that is built elsewhere is restricted: its base is judged where it is built.
 *
 * @param classifyExternal the category of an image that is not internal.
 * @returns `undefined` for images from outside.
 */
export function classifyInternal(
  reference: Reference,
  producers: Producers,
  policy: Policy,
  classifyExternal: (image: Reference | 'scratch') => Classification,
): InternalImage | undefined {
  if (classifyExternal(reference).category !== 'prohibited') return undefined;
  const chain = [canonicalReference(reference)];
  let current = reference;
  for (;;) {
    const producer = current.digest === undefined ? producers.get(canonicalReference(current)) : undefined;
    if (producer === undefined) break;
    const base = baseOf(producer);
    if (base === undefined || chain.length > maxChain) break;
    if (base === 'scratch') return named(classifyExternal('scratch'), [...chain, 'scratch']);
    const text = canonicalReference(base);
    if (chain.includes(text)) break;
    chain.push(text);
    current = base;
  }
  if (chain.length > 1) return named(classifyExternal(current), chain);
  const pattern = policy.sources.internal.find((candidate) => candidate.matches(reference));
  if (pattern === undefined) return undefined;
  const why = 'internal image; its base is judged where it is built';
  return { classification: { category: 'restricted', pattern: pattern.text, why }, chain };
}

function named(base: Classification, chain: readonly string[]): InternalImage {
  return {
    classification: { ...base, why: `internal image, built on ${chain.slice(1).join(' → ')}: ${base.why}` },
    chain,
  };
}

/** What the target stage is built on, in the end; `undefined` where that cannot be told. */
export function baseOf({ dockerfile, target }: Producer): Reference | 'scratch' | undefined {
  const wanted = target?.toLowerCase();
  let stage = wanted === undefined ? dockerfile.stages.at(-1) : dockerfile.stages.find(({ name }) => name === wanted);
  while (stage?.from !== undefined) stage = dockerfile.stages[stage.from];
  const image = stage?.base?.image;
  if (image?.kind === 'scratch') return 'scratch';
  return image?.kind === 'reference' ? image.reference : undefined;
}
