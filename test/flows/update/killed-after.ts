import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { bareEnvironment } from '../../fakes/git-server.ts';
import type { Shop } from './with-shop.ts';

/** A function of a module, and the one argument that it gets in a process of its own. */
type ChildWork = { readonly module: string; readonly name: string; readonly work: object };

/** Which push, which write to GitLab: 1 for the next. */
export type Stop = { readonly push?: number; readonly write?: number };

/** Ends with `killed` when a push or a write has been taken, and before it is answered. */
export async function killedAfter(
  { push, write }: Stop,
  { gitlab, git: server }: Shop,
  { module, name, work }: ChildWork,
): Promise<'killed' | 'done'> {
  gitlab.silentWrite = write;
  const pushes = server.questions.filter((question) => question === 'push').length;
  if (push !== undefined) server.behaviour = { kind: 'hang-push', isTaken: true, after: pushes + push - 1 };
  const env = { ...bareEnvironment(), WORK: JSON.stringify(work) };
  const program = `const { ${name} } = await import(${JSON.stringify(module)}); await ${name}(JSON.parse(process.env.WORK));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' });
  const closed = new Promise<number | null>((done) => child.on('close', done));
  const killed = Promise.race([gitlab.hanging, server.hanging]).then(() => 'killed' as const);
  const end = await Promise.race([killed, closed]);
  child.kill('SIGKILL');
  await closed;
  gitlab.silentWrite = undefined;
  server.behaviour = { kind: 'serve' };
  if (end === 'killed') return end;
  assert.equal(end, 0);
  return 'done';
}
