import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Evidence, EvidenceError } from '../../ports/evidence.ts';

/** @param folder absolute; made when something is written. */
export function openEvidence(folder: string): Evidence {
  return {
    place: folder,
    async read(name) {
      try {
        return await readFile(join(folder, name), 'utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw new EvidenceError(`cannot read ${join(folder, name)}: ${codeOf(error)}`, { cause: error });
      }
    },
    async write(name, text) {
      const path = join(folder, name);
      const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(temporary, text, { flag: 'wx' });
        await rename(temporary, path);
        return path;
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw new EvidenceError(`cannot write ${path}: ${codeOf(error)}`, { cause: error });
      }
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
