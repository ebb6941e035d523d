import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeTree } from '../../bench/corpus.ts';
import { writeTrivyProgram } from '../fakes/trivy-program/trivy-program.ts';
import { makeTree } from './command.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

test('an interrupted run leaves nothing half-written', async () => {
  const { path, remove } = await makeTree({});
  try {
    writeTree(join(path, 'tree'), 1500);
    const output = join(path, 'out.json');
    const args = [main, 'check', join(path, 'tree'), '--output', `json=${output}`];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const timer = setInterval(() => child.kill('SIGINT'), 40);
    const [code, signal] = await once(child, 'exit');
    clearInterval(timer);
    // Before the program has begun the system ends it; afterwards it ends itself.
    assert.ok(code === 130 || signal === 'SIGINT', `${code} ${signal}`);
    assert.deepEqual(
      readdirSync(path).filter((name) => name.includes('.tmp')),
      [],
    );
    if (existsSync(output)) JSON.parse(readFileSync(output, 'utf8'));
  } finally {
    await remove();
  }
});

test('a run whose handler is in place exits 130', async () => {
  const { path, remove } = await makeTree({});
  try {
    writeTree(join(path, 'tree'), 1500);
    // Preloaded: sends the signal once the program listens for it.
    const watch = `data:text/javascript,process.on('newListener',(name)=>{if(name==='SIGINT')setImmediate(()=>process.kill(process.pid,'SIGINT'))})`;
    const child = spawn(process.execPath, ['--import', watch, main, 'check', join(path, 'tree')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 130);
    assert.match(stderr, /interrupted/);
  } finally {
    await remove();
  }
});

test('an interrupted run ends the scanner it started, and removes its folder', async () => {
  const { path, remove } = await makeTree({ 'tree/Dockerfile': 'FROM scratch\n', 'tmp/kept': '' });
  const fake = writeTrivyProgram(join(path, 'home'), {
    version: '0.68.2',
    updatedAt: '2026-11-25T00:00:00Z',
    mischief: { version: 'hangs' },
  });
  try {
    const env = { PATH: process.env['PATH'], HOME: path, TMPDIR: join(path, 'tmp'), BASEKEEPER_TRIVY: fake.path };
    const child = spawn(process.execPath, [main, 'doctor', join(path, 'tree')], { stdio: 'ignore', env });
    const timer = setInterval(() => {
      if (!existsSync(join(path, 'home', 'child'))) return;
      clearInterval(timer);
      child.kill('SIGINT');
    }, 40);
    const [code] = await once(child, 'exit');
    clearInterval(timer);
    assert.equal(code, 130);
    await fake.childEnded();
    assert.deepEqual(
      readdirSync(join(path, 'tmp')).filter((name) => name.startsWith('basekeeper-')),
      [],
    );
  } finally {
    await remove();
  }
});
