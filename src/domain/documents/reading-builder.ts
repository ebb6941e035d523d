import { sliceTracedText, type TracedText } from '../dockerfile/traced-text.ts';
import type { ImageUse, Role, UsedImage } from '../image/image-use.ts';
import { parseReference } from '../image/reference.ts';
import type { Parsed, Problem } from '../source/problem.ts';
import type { ScalarNode } from './document-node.ts';
import type { BuildDefinition, DocumentReading } from './document-reading.ts';
import type { Expansion } from './expansion.ts';

const maxUses = 5000;

/** An image that a document names. */
export type NamedImage = {
  readonly scalar: ScalarNode;
  readonly expansion: Expansion;
  readonly role: Role;
  readonly platform?: string;
  /** Characters of the scalar before the reference (`docker://`). */
  readonly prefixLength?: number;
};

/** Collects what one document says. A place that an alias or a merge repeats is one use. */
export class ReadingBuilder {
  readonly #uses = new Map<string, ImageUse>();
  readonly #builds: BuildDefinition[] = [];
  readonly #problems: Problem[] = [];

  addProblem(...problems: readonly Problem[]): void {
    this.#problems.push(...problems);
  }

  addBuild(build: BuildDefinition): void {
    if (this.#builds.length < maxUses) this.#builds.push(build);
  }

  /** Blank names are no use: their tool refuses or skips them. */
  addImage({ scalar, expansion, role, platform, prefixLength = 0 }: NamedImage): void {
    const { text, pieces } = trim(expansion.traced, prefixLength);
    if (text === '' && expansion.missing.length === 0) return;
    const key = JSON.stringify([scalar.span.start, text, expansion.missing, platform, role]);
    if (this.#uses.has(key) || this.#uses.size >= maxUses) return;
    const image = imageOf(text, expansion.missing);
    const { line } = scalar;
    const span = { start: scalar.span.start + prefixLength, end: scalar.span.end };
    if (image.kind === 'invalid') {
      const message = `${JSON.stringify(text.slice(0, 120))} names no image: ${image.reason}`;
      this.addProblem({ code: 'invalid-reference', severity: 'error', message, line, span });
    }
    const written = trim(scalar.traced, prefixLength).text;
    this.#uses.set(key, { role, image, written, line, span, pieces, ...(platform === undefined ? {} : { platform }) });
  }

  build(): Parsed<DocumentReading> {
    const uses = [...this.#uses.values()].sort((a, b) => a.span.start - b.span.start);
    return { value: { uses, builds: this.#builds }, problems: this.#problems };
  }
}

function imageOf(text: string, missing: readonly string[]): UsedImage {
  if (missing.length > 0) return { kind: 'unresolved', missing };
  const parsed = parseReference(text);
  return parsed.kind === 'ok'
    ? { kind: 'reference', reference: parsed.reference }
    : { kind: 'invalid', text, reason: parsed.reason };
}

function trim(traced: TracedText, prefixLength: number): TracedText {
  const { text } = traced;
  const start = prefixLength + (text.length - prefixLength - text.slice(prefixLength).trimStart().length);
  const end = Math.max(text.trimEnd().length, start);
  return start === 0 && end === text.length ? traced : sliceTracedText(traced, start, end);
}
