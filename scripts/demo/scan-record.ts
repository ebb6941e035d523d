import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageIdOfInventory, imageIdOfLayout, imageIdOfReport } from '../../test/fakes/trivy-program/asked-image.ts';

/** What the real Trivy wrote when the demo asked it: one file for each image and database. */
export const recordsFolder = join(import.meta.dirname, 'scans');

/** The file name of the record that a start of Trivy asks for; `undefined` where it writes none. */
export function recordOf(args: readonly string[]): string | undefined {
  const [command] = args;
  switch (command) {
    case 'image': {
      const id = imageIdOfLayout(optionOf(args, '--input') ?? '');
      return id === undefined ? undefined : `${short(id)}.scan.${databaseDay(args)}.json`;
    }
    case 'convert':
      return `${short(imageIdOfReport(readFileSync(args.at(-1) ?? '', 'utf8')))}.inventory.json`;
    case 'sbom':
      return `${short(imageIdOfInventory(readFileSync(args[1] ?? '', 'utf8')))}.match.${databaseDay(args)}.json`;
    default:
      return undefined;
  }
}

export function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

/** What stands beside the database that is asked; empty where there is none. */
export function databaseOf(args: readonly string[]): { readonly UpdatedAt?: string } {
  const folder = optionOf(args, '--cache-dir');
  return folder === undefined ? {} : JSON.parse(readFileSync(join(folder, 'db', 'metadata.json'), 'utf8'));
}

/** The records of bases in a folder, by file name: they have one layer. What `verify` builds has more, and is new in each run. */
export function readRecords(folder: string): ReadonlyMap<string, string> {
  const texts = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  const bases = texts.flatMap(([name, text]) =>
    name.includes('.scan.') && JSON.parse(text).Metadata.DiffIDs.length === 1 ? [idOf(name)] : [],
  );
  return new Map(texts.filter(([name]) => bases.includes(idOf(name))).toSorted());
}

/** Writes a program that BASEKEEPER_TRIVY can name: a script of this folder with its first arguments. @returns its path */
export function writeProgram(path: string, script: 'play-trivy' | 'record-trivy', ...given: readonly string[]): string {
  const words = [process.execPath, join(import.meta.dirname, `${script}.ts`), ...given].map((word) => `'${word}'`);
  writeFileSync(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

function databaseDay(args: readonly string[]): string {
  return databaseOf(args).UpdatedAt?.slice(0, 10) ?? 'none';
}

function short(id: string): string {
  return id.replace('sha256:', '').slice(0, 12);
}

function idOf(name: string): string | undefined {
  return name.split('.')[0];
}
