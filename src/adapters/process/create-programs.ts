import type { FoundProgram, Programs } from '../../ports/programs.ts';
import { findProgram } from './find-program.ts';
import { runProgram } from './run-program.ts';

const timeoutMs = 10_000;

export function createPrograms(folders: readonly string[]): Programs {
  return { find: (name) => find(name, folders) };
}

async function find(name: string, folders: readonly string[]): Promise<FoundProgram> {
  const path = await findProgram(name, folders);
  if (path === undefined) return { kind: 'missing' };
  const outcome = await runProgram({ program: path, args: ['--version'], timeoutMs });
  switch (outcome.kind) {
    case 'done': {
      const version = /\d{1,6}\.\d{1,6}[\w.+-]{0,40}/.exec(outcome.output)?.[0];
      return version === undefined
        ? { kind: 'broken', path, reason: 'it printed no version' }
        : { kind: 'found', path, version };
    }
    case 'failed':
      return { kind: 'broken', path, reason: outcome.reason };
    case 'late':
      return { kind: 'broken', path, reason: `no answer within ${timeoutMs / 1000} s` };
  }
}
