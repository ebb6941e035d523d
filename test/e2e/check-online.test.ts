import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult } from '../../src/flows/check-result.ts';
import { basekeeper } from './command.ts';
import { askedOf, startMonitored } from './monitored.ts';

const files = {
  Dockerfile: 'FROM node:24-alpine AS build\nFROM acme/app:1\n',
  'missing/Dockerfile': 'FROM node:24.99.0-alpine\n',
};

test('check --online tells what is not in the registry, and who publishes what; without it nothing is asked', async () => {
  const { hub, path, env, close } = await startMonitored(files);
  const check = (...args: readonly string[]) =>
    basekeeper(['check', 'tree', '--policy', 'policy.yaml', '--json', '--now', '2026-11-23', ...args], {
      cwd: path,
      env,
    });
  try {
    hub.content.push({ repository: 'library/node', tag: '24-alpine', platforms: ['linux/amd64'] });
    hub.content.push({ repository: 'acme/app', tag: '1', platforms: ['linux/amd64'] });
    const offline = JSON.parse((await check()).stdout) as CheckResult;
    assert.equal(askedOf(hub), '');
    const { code, stdout, stderr } = await check('--online');
    assert.ok(code === 1 || code === 3, stderr);
    const online = JSON.parse(stdout) as CheckResult;
    const broken = ({ files: judged }: CheckResult) =>
      judged.flatMap(({ path: file, uses }) => uses.flatMap(({ rules }) => rules.map(({ rule }) => `${file} ${rule}`)));
    assert.ok(!broken(offline).includes('missing/Dockerfile missing-image'));
    assert.ok(broken(online).includes('missing/Dockerfile missing-image'), broken(online).join('\n'));
    assert.ok(offline.summary.notChecked.some((clause) => clause.startsWith('registries')));
    assert.ok(!online.summary.notChecked.some((clause) => clause.startsWith('registries (no network')));
  } finally {
    await close();
  }
});

test('a registry that is out of order makes a check unknown and exit 3, never a pass', async () => {
  const { hub, path, env, close } = await startMonitored({ Dockerfile: 'FROM node:26-alpine\nUSER 1000\n' });
  try {
    hub.fail({ fault: { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 3_600_000 } });
    const args = ['check', 'tree', '--policy', 'policy.yaml', '--json', '--now', '2026-11-23', '--online'];
    const { code, stdout } = await basekeeper(args, { cwd: path, env });
    assert.equal(code, 3, stdout);
    assert.match(stdout, /"registry-unanswered"/);
  } finally {
    await close();
  }
});
