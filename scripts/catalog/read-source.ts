import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Reads one JSON document, packed or not, from the folder that BASEKEEPER_DATA names. */
export function readSource<T>(folder: string, name: string): T {
  const bytes = readFileSync(join(folder, name));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  // The declared type names only the fields that we read; the folder is our own input, and a wrong shape fails the build.
  return JSON.parse(text) as T;
}

/** `2026-08-21T16:53:11-07:00` → `2026-08-21`: the day as the source states it. */
export function dayOf(instant: string): string {
  return instant.slice(0, 10);
}
