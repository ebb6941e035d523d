import { writeFileSync } from 'node:fs';
import { type Json, linesText } from '../../src/domain/catalog/refresh/lines-text.ts';

export function writeLines(path: string, document: { readonly [key: string]: { readonly [key: string]: Json } }): void {
  writeFileSync(path, linesText(document));
}
