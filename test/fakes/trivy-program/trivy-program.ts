import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** What it does instead of an answer. */
export type Mischief =
  | 'hangs'
  | 'crashes'
  | 'lacks a database'
  | 'writes half'
  | 'writes half an inventory'
  | 'writes for ever'
  | 'writes 10 GB'
  | 'takes memory for ever'
  | 'prints for ever'
  | 'tells of another'
  | 'writes another format'
  | 'links to a secret'
  | 'writes a pipe'
  | 'exits with 1'
  | 'leaves a child'
  | 'leaves a child in a session of its own'
  | 'sees a renewal'
  | 'sees one renewal'
  | 'removes its folder'
  | 'says nothing';

export type TrivyState = {
  readonly version: string;
  /** Of the database that a download brings. */
  readonly updatedAt: string;
  /** Images that it knows besides those of the fixtures, by their ids: the report of which one each has. */
  readonly like?: Readonly<Record<string, string>>;
  /** By command; `download` is `image --download-db-only`. */
  readonly mischief?: Readonly<Partial<Record<string, Mischief>>>;
};

export type TrivyProgramFake = {
  readonly path: string;
  /** Every start of it, in order. */
  runs(): readonly string[];
  /** Of its last start. */
  environment(): Readonly<Record<string, string>>;
  /** Ends what it left running. */
  endChild(): void;
  /** Resolves when that has ended. @throws where it lives on */
  childEnded(): Promise<void>;
};

/** A program that plays Trivy, in this folder. */
export function writeTrivyProgram(folder: string, state: TrivyState): TrivyProgramFake {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
  const path = join(folder, 'trivy');
  writeFileSync(
    path,
    `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, 'answer.ts')}' '${folder}' "$@"\n`,
  );
  chmodSync(path, 0o755);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return {
    path,
    runs: () => (existsSync(join(folder, 'runs')) ? read('runs').trim().split('\n') : []),
    environment: () => JSON.parse(read('environment')) as Readonly<Record<string, string>>,
    endChild: () => process.kill(Number(read('child')), 'SIGKILL'),
    childEnded: () => ended(read('child')),
  };
}

/** A signal reaches a process some time after it was sent. */
async function ended(pid: string): Promise<void> {
  for (const _look of Array(250)) {
    if (isGone(pid)) return;
    await setTimeout(20);
  }
  throw new Error(`process ${pid} lives on`);
}

function isGone(pid: string): boolean {
  try {
    // A zombie has ended: nobody has asked for its exit code yet.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2] === 'Z';
  } catch {
    return true;
  }
}
