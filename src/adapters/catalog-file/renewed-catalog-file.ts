import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { linesText } from '../../domain/catalog/refresh/lines-text.ts';
import { parseRenewed, renewedDocument } from '../../domain/catalog/refresh/renewed-document.ts';
import type { RenewableParts, RenewedCatalog } from '../../domain/catalog/snapshot.ts';

/** Raised when an older program could not read what is written now. */
const format = 1;
/** A catalog of ten times today's images and products. */
const maxBytes = 4 * 1024 * 1024;

export function renewedCatalogPath(folder: string): string {
  return join(folder, 'catalog.json');
}

/**
 * The text of a renewed catalog: JSON whose first line holds the format and the SHA-256 of all that follows that line, so that
 * a cut or changed file is known before anything in it is believed.
 */
export function renewedCatalogText(parts: RenewableParts): string {
  const rest = linesText(renewedDocument(parts)).slice('{\n'.length);
  return `{"format": ${format}, "sha256": "${sha256(rest)}",\n${rest}`;
}

/** Reads what a refresh left in a folder. Never throws: a file that cannot be trusted is told, and the shipped catalog stands. */
export function readRenewedCatalog(folder: string): RenewedCatalog {
  const path = renewedCatalogPath(folder);
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return { kind: 'none' };
    if (size > maxBytes) return unusable(path, 'it is too large');
    return parsed(path, readFileSync(path, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return code === 'ENOTDIR' ? { kind: 'none' } : unusable(path, `it cannot be read (${code})`);
  }
}

function parsed(path: string, text: string): RenewedCatalog {
  const end = text.indexOf('\n') + 1;
  const head = /^\{"format": (\d{1,9}), "sha256": "([0-9a-f]{64})",\n$/.exec(text.slice(0, Math.min(end, 200)));
  if (head === null) return unusable(path, 'it is no renewed catalog');
  if (Number(head[1]) !== format) return unusable(path, 'another version of basekeeper wrote it');
  if (sha256(text.slice(end)) !== head[2]) return unusable(path, 'it is damaged: its checksum does not fit');
  const parts = parseRenewed(jsonOf(text));
  return parts === undefined ? unusable(path, 'it has another form than expected') : { kind: 'read', parts };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(path: string, reason: string): RenewedCatalog {
  return { kind: 'unusable', reason: `${path}: ${reason}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
