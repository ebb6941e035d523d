import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Monitored, startMonitored } from './monitored.ts';
import { onTerminal } from './terminal.ts';

const tags = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'];
const color = /\x1b\[[0-9;]*m/;
const cleared = '\r\x1b[K';

/** An image of six tags at a registry that is asked four times a second: it takes longer than progress waits. */
async function monitorOnTerminal(
  env: Record<string, string>,
  args: readonly string[] = [],
): ReturnType<typeof onTerminal> {
  const started: Monitored = await startMonitored(
    { Dockerfile: tags.map((tag) => `FROM acme/app:${tag}\n`).join('') },
    { settings: 'maxInFlight: 1, requestsPerSecond: 4' },
  );
  try {
    started.hub.content.pushTags({ repository: 'acme/app', platforms: ['linux/amd64'] }, tags);
    return await onTerminal(['monitor', 'tree', '--policy', 'policy.yaml', ...args], {
      cwd: started.path,
      env: { ...started.env, ...env },
    });
  } finally {
    await started.close();
  }
}

test('on a terminal monitor shows how far it is, clears it, and prints in colour', async () => {
  const { code, stdout, stderr } = await monitorOnTerminal({});
  assert.equal(code, 0, stderr + stdout);
  assert.match(stdout, /asking registries: \d of 6 tags/);
  const end = stdout.lastIndexOf(cleared);
  assert.doesNotMatch(stdout.slice(end), /asking registries/);
  assert.match(stdout.slice(end), color);
  assert.match(stdout.slice(end), /6 of 6 verified/);
});

test('NO_COLOR takes the colour away, and leaves the progress', async () => {
  const { code, stdout, stderr } = await monitorOnTerminal({ NO_COLOR: '1' });
  assert.equal(code, 0, stderr + stdout);
  assert.doesNotMatch(stdout, color);
  assert.match(stdout, /asking registries: \d of 6 tags/);
});

test('--color wins over NO_COLOR', async () => {
  const { stdout } = await monitorOnTerminal({ NO_COLOR: '1' }, ['--color']);
  assert.match(stdout, color);
});

test('a terminal without escape sequences is sent none', async () => {
  const { code, stdout, stderr } = await monitorOnTerminal({ TERM: 'dumb' });
  assert.equal(code, 0, stderr + stdout);
  assert.doesNotMatch(stdout, /\x1b/);
  assert.match(stdout, /6 of 6 verified/);
});
