import type { UsedImage } from '../image/image-use.ts';
import { familiarReference, parseReference } from '../image/reference.ts';

/** What stands in for a stage or an image: another image, or something that is no image (a path, a URL, another target). */
export type Replacement =
  | { readonly kind: 'image'; readonly text: string; readonly image: UsedImage }
  | { readonly kind: 'other' };

const imageScheme = 'docker-image://';

/**
 * Named contexts by the name that BuildKit looks up: the short form of an image without `:latest`, or a stage's name.
 *
 * @see moby/buildkit: frontend/dockerui/namedcontext.go
 */
export class NamedContexts {
  readonly #replacements = new Map<string, Replacement>();

  constructor(contexts: Readonly<Record<string, string>>) {
    for (const [name, source] of Object.entries(contexts))
      this.#replacements.set(normalise(name), readReplacement(source));
  }

  find(name: string): Replacement | undefined {
    return this.#replacements.size === 0 ? undefined : this.#replacements.get(normalise(name));
  }
}

function normalise(name: string): string {
  const parsed = parseReference(name);
  const text = parsed.kind === 'ok' ? familiarReference(parsed.reference) : name.toLowerCase();
  return text.endsWith(':latest') ? text.slice(0, -':latest'.length) : text;
}

function readReplacement(source: string): Replacement {
  if (!source.startsWith(imageScheme)) return { kind: 'other' };
  const text = source.slice(imageScheme.length);
  if (text === 'scratch') return { kind: 'image', text, image: { kind: 'scratch' } };
  const parsed = parseReference(text);
  const image: UsedImage =
    parsed.kind === 'ok'
      ? { kind: 'reference', reference: parsed.reference }
      : { kind: 'invalid', text, reason: parsed.reason };
  return { kind: 'image', text, image };
}
