import { lstatSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { UsageError } from './failure.ts';
import { writeWhole } from './output.ts';

export type NewFile = {
  /** In the folder, with `/`. */
  readonly path: string;
  readonly text: string;
  /** For a file that is there and says something else: what it lacks, to be added by hand; absent when it lacks nothing. */
  readonly addByHand?: (present: string) => string | undefined;
};

export type Written = {
  readonly written: readonly string[];
  /** Files that are there already, and what to add to them. */
  readonly kept: readonly { readonly path: string; readonly add?: string }[];
};

/** Writes those that are not there. What is there is never written over. */
export function writeNewFiles(root: string, files: readonly NewFile[]): Written {
  const isPresent = ({ path }: NewFile) => lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  const missing = files.filter((file) => !isPresent(file));
  const present = files.filter((file) => !missing.includes(file));
  for (const { path } of missing) refuseLinkOut(root, dirname(join(root, path)));
  for (const { path, text } of missing) {
    makeFolder(dirname(join(root, path)));
    writeWhole(join(root, path), text);
  }
  const kept = present.map(({ path, text, addByHand = () => text }) => {
    const found = read(join(root, path));
    const add = found === text ? undefined : addByHand(found);
    return { path, ...(add === undefined ? {} : { add }) };
  });
  return { written: missing.map(({ path }) => path), kept };
}

/** A link of the tree would have it written elsewhere. */
function refuseLinkOut(root: string, folder: string): void {
  const [real, realRoot] = [realpathSync(nearest(folder)), realpathSync(root)];
  if (real !== realRoot && !real.startsWith(realRoot + sep))
    throw new UsageError(`cannot write into ${folder}: it leads out of the repository`);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(
      `cannot make ${folder}: ${error instanceof Error && 'code' in error ? error.code : 'unknown'}`,
    );
  }
}

function nearest(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false }) === undefined ? nearest(dirname(folder)) : folder;
}

const maxBytes = 1024 * 1024;

/** Empty for what is no text of reasonable size: a folder, a link to nothing. */
function read(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size <= maxBytes ? readFileSync(path, 'utf8') : '';
}
