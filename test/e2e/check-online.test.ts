import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult } from '../../src/flows/check-result.ts';
import type { OnlineExplanation } from '../../src/flows/explanation.ts';
import { basekeeper, type Run, today } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';

/** The real command on a tree whose Docker Hub is a registry of ours, reached as a mirror by the policy file. */
async function online(
  files: Readonly<Record<string, string>>,
  use: (world: Monitored, check: (...args: readonly string[]) => Promise<Run>) => Promise<void>,
): Promise<void> {
  const world = await startMonitored(files);
  const { path, env } = world;
  const fixed = ['--policy', `${path}/policy.yaml`, '--now', today];
  try {
    await use(world, (...args) => basekeeper(['check', `${path}/tree`, ...fixed, ...args], { cwd: path, env }));
  } finally {
    await world.close();
  }
}

const platforms = ['linux/amd64', 'linux/arm64/v8'];
const files = {
  Dockerfile: 'FROM alpine:3.24.0 AS build\nRUN true\nFROM alpine:3.24\nUSER 1\nCOPY --from=build /a /a\n',
};

test('without --online no request is made', () =>
  online(files, async ({ hub }, check) => {
    hub.content.pushTags({ repository: 'library/alpine', platforms }, ['3.24', '3.24.0', '3.24.1']);
    const { stdout } = await check('--json');
    assert.deepEqual(hub.log.lines(), []);
    const result = JSON.parse(stdout) as CheckResult;
    assert.match(result.summary.notChecked.join('\n'), /registries \(no network was used\)/);
    assert.ok(result.files[0]?.uses.every(({ evidence }) => evidence?.registry === undefined));
  }));

test('--online adds what the registry says, and asks for content once', () =>
  online(files, async ({ hub }, check) => {
    hub.content.pushTags({ repository: 'library/alpine', platforms }, ['3.24', '3.24.0', '3.24.1']);
    const first = await check('--online', '--json');
    assert.equal(first.code, 0, first.stderr + first.stdout);
    const result = JSON.parse(first.stdout) as CheckResult;
    const [build, final] = result.files[0]?.uses ?? [];
    assert.equal(final?.evidence?.registry?.image.kind, 'found');
    assert.equal(final?.evidence?.registry?.content?.kind, 'read');
    assert.match(build?.rules.find(({ rule }) => rule === 'newer-version')?.fix ?? '', /use alpine:3\.24\.1$/);
    assert.doesNotMatch(result.summary.notChecked.join('\n'), /registries/);
    hub.log.clear();
    const second = await check('--online', '--json');
    assert.equal(second.stdout, first.stdout);
    assert.deepEqual(hub.log.counts(), { ping: 1, head: 3, list: 1 });
  }));

test('the text says what is newer, and with --verbose what the registry has', () =>
  online(files, async ({ hub }, check) => {
    hub.content.pushTags({ repository: 'library/alpine', platforms }, ['3.24', '3.24.0', '3.24.1']);
    const { stdout } = await check('--online');
    assert.match(stdout, /3\.24\.1 is out: .*\[newer-version\]/);
    assert.doesNotMatch(stdout, /published for/);
    const verbose = await check('--online', '--verbose');
    assert.match(verbose.stdout.replace(/\s+/g, ' '), /for linux\/amd64; published for linux\/amd64, linux\/arm64/);
    const { stdout: page } = await check('--online', '--format', 'html');
    assert.match(page, /published for linux\/amd64, linux\/arm64/);
  }));

test('an image that is missing fails the run', () =>
  online(files, async ({ hub }, check) => {
    hub.content.pushTags({ repository: 'library/alpine', platforms }, ['3.24']);
    const { code, stdout } = await check('--online');
    assert.equal(code, 1);
    assert.match(stdout, /docker\.io has no library\/alpine:3\.24\.0/);
  }));

test('a registry that does not answer ends the run with 3, whatever --fail-on says, and the report is whole', () =>
  online(files, async ({ hub }, check) => {
    hub.content.pushTags({ repository: 'library/alpine', platforms }, ['3.24', '3.24.0']);
    hub.fail({ fault: { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 3_600_000 } });
    for (const failOn of ['fail', 'warn', 'never']) {
      const { code, stdout, stderr } = await check('--online', '--fail-on', failOn, '--json');
      assert.equal(code, 3, stderr);
      const result = JSON.parse(stdout) as CheckResult;
      assert.deepEqual(
        result.files[0]?.uses.map(({ verdict }) => verdict),
        ['unknown', 'unknown'],
      );
      assert.match(result.summary.notChecked.join('\n'), /what their registry did not answer: .*asks to wait until/);
    }
  }));

test('an address of one’s own network is refused unknown, with the setting that allows it', () =>
  online({ Dockerfile: 'FROM 127.0.0.1:9/team/base:1\nUSER 1\n' }, async (_, check) => {
    const { code, stdout } = await check('--online', '--json');
    assert.equal(code, 3);
    assert.match(stdout, /registries\.\\"127\.0\.0\.1:9\\"\.private: true/);
  }));

test('where a mirror stands for Docker Hub badges are not looked up, and the image stays prohibited', () =>
  online({ Dockerfile: 'FROM someone/thing:1\nUSER 1\n' }, async ({ hub }, check) => {
    hub.content.pushTags({ repository: 'someone/thing', platforms }, ['1']);
    const { code, stdout } = await check('--online', '--json');
    assert.equal(code, 1);
    const result = JSON.parse(stdout) as CheckResult;
    assert.match(
      result.files[0]?.uses[0]?.rules[0]?.reason ?? '',
      /the mirror that is asked for Docker Hub has no badges/,
    );
    assert.match(result.summary.notChecked.join('\n'), /publishers, .*: docker\.io\/someone\/thing:1/);
  }));

test('two trees under one policy share each answer', () =>
  online(
    { 'a/Dockerfile': 'FROM alpine:3.24\nUSER 1\n', 'b/Dockerfile': 'FROM alpine:3.24\nUSER 1\n' },
    async (world) => {
      const { hub, path, env } = world;
      hub.content.pushTags({ repository: 'library/alpine', platforms }, ['3.24']);
      const args = ['check', 'tree/a', 'tree/b', '--policy', 'policy.yaml', '--now', today, '--online'];
      const { code, stdout } = await basekeeper(args, { cwd: path, env });
      assert.equal(code, 0, stdout);
      assert.equal(hub.log.all('head').length, 1);
    },
  ));

test('explain --online says what the registry has, and which of its tags may follow', () =>
  online({}, async ({ hub, path, env }) => {
    hub.content.pushTags({ repository: 'library/alpine', platforms }, ['3.24.0', '3.24.1', '3.23.9']);
    const explain = (...args: readonly string[]) =>
      basekeeper(['explain', ...args, '--policy', `${path}/policy.yaml`, '--now', today], { cwd: path, env });
    const { code, stdout, stderr } = await explain('alpine:3.24.0', '--online', '--json');
    assert.equal(code, 0, stderr);
    const explanation = JSON.parse(stdout) as OnlineExplanation;
    assert.equal(explanation.recommended, '3.24.1');
    assert.equal(explanation.registry?.image.kind, 'found');
    assert.deepEqual(hub.log.counts(), { ping: 1, head: 2, list: 1, manifest: 3, config: 1 });
    const text = await explain('alpine:3.24.0', '--online');
    assert.match(text.stdout, /published for linux\/amd64, linux\/arm64/);
    hub.fail({ fault: { kind: 'status', status: 401 } });
    assert.equal((await explain('alpine:3.24.0', '--online')).code, 3);
    assert.equal((await explain('alpine:3.24.0')).code, 0);
    assert.equal((await explain('alpine:3.24.0', '--online', '--tags-from', 'x')).code, 2);
  }));
