import { loadCatalog } from '../../../src/catalog/load.ts';
import { describeImage } from '../../../src/domain/catalog/describe-image.ts';
import type { ImageFacts, Lifecycle } from '../../../src/domain/catalog/image-facts.ts';
import { familiarReference, parseReference } from '../../../src/domain/image/reference.ts';

export const catalog = loadCatalog();

/** The facts about a reference as people write it. */
export function describe(text: string, today = '2026-11-23'): ImageFacts {
  const parsed = parseReference(text);
  if (parsed.kind === 'invalid') throw new Error(`${text}: ${parsed.reason}`);
  return describeImage(parsed.reference, catalog, today);
}

/** What is recommended, as people write it; `fine` for nothing. */
export function instead(text: string, today?: string): string {
  const { recommended } = describe(text, today);
  return recommended === undefined ? 'fine' : familiarReference(recommended.reference);
}

/** `Node.js 20: ended, LTS, behind 26`. */
export function line(lifecycle: Lifecycle | undefined): string {
  if (lifecycle === undefined) return '';
  const { product, line: name, state, isLts, isBehind, latest } = lifecycle;
  return `${product} ${name}: ${state}${isLts ? ', LTS' : ''}${isBehind ? `, behind ${latest.line}` : ''}`;
}
