import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Counts = Readonly<Record<string, number>>;

/** The fake registry as a process of its own, so that its work is not the bench's. */
export type RegistryProcess = {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Requests by kind since the last call. */
  counts(): Promise<Counts>;
  stop(): void;
};

export async function startRegistryProcess(load: {
  readonly repositories: number;
  readonly tags: number;
}): Promise<RegistryProcess> {
  const main = join(import.meta.dirname, '..', 'test', 'fakes', 'registry', 'main.ts');
  const args = ['--tokens', '--repositories', `${load.repositories}`, '--tags', `${load.tags}`];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { value, done } = await answers.next();
    if (done === true) throw new Error('the registry ended');
    return value;
  };
  return {
    host: new URL(await nextLine()).host,
    async counts() {
      child.stdin.write('counts\n');
      return JSON.parse(await nextLine()) as Counts;
    },
    stop: () => void child.kill(),
  };
}

export function isSame(counts: Counts, needed: Counts): boolean {
  const kinds = new Set([...Object.keys(counts), ...Object.keys(needed)]);
  return [...kinds].every((kind) => (counts[kind] ?? 0) === (needed[kind] ?? 0));
}
