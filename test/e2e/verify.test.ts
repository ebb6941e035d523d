import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { VerifyResult } from '../../src/flows/verify/verify-result.ts';
import { basekeeper, basekeeperCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'verify-e2e-'));
const repository = join(folder, 'shop');
const programs = join(folder, 'programs');
const calls = join(folder, 'calls');
test.after(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', repository, '-c', 'user.name=dev', '-c', 'user.email=dev@example.com', ...args], {
    encoding: 'utf8',
  });

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
}

/** Plays buildah: notes its arguments, and writes an image of nothing. */
const buildah = `#!/bin/sh
echo "$*" >> '${calls}'
case "$*" in
--version) echo 'buildah version 1.99.0 (of a test)';;
*' bud '*) [ -e '${join(folder, 'hang')}' ] && { echo $$ > '${join(folder, 'hanging')}'; exec sleep 600; }
  while [ "$1" != --iidfile ]; do shift; done; printf 'sha256:%064d' 1 > "$2";;
*' push '*) exec '${process.execPath}' '${join(folder, 'push.ts')}' "\${*##*oci:}";;
esac
`;
const push = `import { writeLayout } from '${join(import.meta.dirname, '..', 'fakes', 'os-image', 'os-image.ts')}';
import { mkdirSync } from 'node:fs';
mkdirSync(process.argv[2]);
writeLayout(process.argv[2], [{ 'etc/app': 'an app' }]);
`;
const policy = (command: string) => `version: 1
registries: { docker.io: { endpoint: "http://127.0.0.1:9", private: true, insecure: true } }
verify: { tests: ["${command}"] }
`;

test.before(() => {
  mkdirSync(programs);
  writeFileSync(join(folder, 'push.ts'), push);
  writeFileSync(join(programs, 'buildah'), buildah);
  chmodSync(join(programs, 'buildah'), 0o755);
  mkdirSync(repository);
  git('init', '-q', '-b', 'main');
  write({ 'app/Dockerfile': 'FROM node:22-slim\nUSER 1000\n', 'basekeeper.yaml': policy('grep -q 24 app/Dockerfile') });
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
  git('checkout', '-q', '-b', 'update');
  // A change that would also change how it is judged.
  write({ 'app/Dockerfile': 'FROM node:24-slim\nUSER 1000\n', 'basekeeper.yaml': policy('false') });
  git('commit', '-q', '-a', '-m', 'two');
});

const env = {
  PATH: `${programs}:${process.env['PATH'] ?? ''}`,
  BASEKEEPER_STATE: join(folder, 'state'),
  BASEKEEPER_CACHE: join(folder, 'cache'),
  BASEKEEPER_TRIVY: join(folder, 'no-trivy'),
  TMPDIR: folder,
  GITHUB_TOKEN: 'ghp_secret',
};

function verify(...args: readonly string[]) {
  return basekeeper(['verify', repository, ...args], { env, cwd: repository });
}

test('without a scanner an update is built and tested by the policy of its base, and held', async () => {
  const { code, stdout, stderr } = await verify('--from', 'main', '--to', 'update', '--json');
  const result = JSON.parse(stdout) as VerifyResult;
  assert.equal(code, 3, stderr);
  assert.equal(result.gate.decision, 'hold');
  assert.equal(result.builder, 'buildah 1.99.0');
  assert.deepEqual(
    result.tests.map(({ command, after }) => [command.run, after.kind]),
    [['grep -q 24 app/Dockerfile', 'green']],
  );
  const noted = readFileSync(calls, 'utf8');
  assert.match(noted, / bud --isolation chroot --iidfile \S+ --file \S+\/after\/app\/Dockerfile \S+\/after\/app\n/);
  assert.ok(!noted.includes('ghp_secret'));
  assert.ok(existsSync(join(result.evidence, 'decision.json')));
  // What was checked out and stored is gone.
  assert.doesNotMatch(execFileSync('ls', [folder], { encoding: 'utf8' }), /basekeeper-/);
});

test('what a person reads begins with the decision, then why', async () => {
  const { code, stdout } = await verify('--to', 'update');
  assert.equal(code, 3);
  const [first, , second] = stdout.split('\n');
  assert.equal(first, 'hold: the update is not proven; somebody has to look (update^ → update, 1 image)');
  assert.match(second ?? '', /^ {2}hold {2}app\/Dockerfile: the new image was not scanned: no program at/);
  assert.match(stdout, /\n {2}built on {2}node:22-slim → node:24-slim\n/);
  assert.match(stdout, /\nleft out: nothing was scanned: no program at/);
});

test('a plan is laid upon the commit, and one of another state is refused', async () => {
  git('checkout', '-q', 'main');
  const change = {
    path: 'app/Dockerfile',
    before: 'FROM node:22-slim\nUSER 1000\n',
    after: 'FROM node:24\nUSER 1000\n',
  };
  const plan = (changes: unknown) => JSON.stringify({ schemaVersion: 1, trees: [{ tree: '.', changes }] });
  const path = join(folder, 'plan.json');
  writeFileSync(path, plan([change]));
  const { stdout } = await verify('--to', path, '--format', 'markdown');
  assert.match(stdout, /^\*\*hold\*\*: the update is not proven/);
  assert.match(stdout, /\| `app\/Dockerfile` \| node:22-slim → node:24 \| \? \| \? \| \? \| \? \| /);
  assert.equal(readFileSync(join(repository, 'app/Dockerfile'), 'utf8'), change.before);
  writeFileSync(path, plan([{ ...change, before: 'FROM node:20\n' }]));
  const refused = await verify('--to', path);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /app\/Dockerfile was changed meanwhile/);
});

for (const [fact, args, message] of [
  ['a revision that is not there', ['--to', 'gone'], /git knows no commit "gone" here/],
  ['a plan that is none', ['--to', join(folder, 'push.json')], /there is no plan/],
  ['a secret without a file', ['--secret', 'npm=/nowhere/token'], /--secret npm: there is no file/],
  ['a secret without a name', ['--secret', '=x'], /--secret takes ID=FILE/],
  ['a builder that is none', ['--builder', 'make'], /--builder takes buildah or docker/],
  ['a time that is none', ['--build-timeout', 'soon'], /is no number of minutes/],
] as const) {
  test(`${fact} is wrong usage`, async () => {
    const { code, stderr } = await verify(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  });
}

test('an interrupted run ends the build, and takes away what it checked out', async () => {
  writeFileSync(join(folder, 'hang'), '');
  const { command, args, environment } = basekeeperCommand(['verify', repository, '--from', 'main', '--to', 'update']);
  const child = spawn(command, args, { env: { ...environment, ...env }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const changes = watch(folder);
  for await (const _ of on(changes, 'change')) if (existsSync(join(folder, 'hanging'))) break;
  changes.close();
  child.kill('SIGINT');
  assert.deepEqual(await ended, [130, null]);
  assert.doesNotMatch(execFileSync('ls', [folder], { encoding: 'utf8' }), /basekeeper-/);
  rmSync(join(folder, 'hang'));
});

test('evidence that a commit could have brought along is not believed', async () => {
  git('checkout', '-q', '-b', 'forged', 'update');
  write({ 'proof/builds/known.json': '{"kind":"built"}' });
  mkdirSync(join(repository, 'deep'));
  symlinkSync(folder, join(repository, 'deep', 'link'));
  git('add', '-A');
  git('commit', '-q', '-m', 'forged');
  for (const evidence of ['proof', 'proof/builds', 'deep/link/elsewhere', '.']) {
    const { code, stderr } = await verify('--from', 'main', '--to', 'forged', '--evidence', evidence);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /holds files of a commit: name a folder outside of the repository/);
  }
  // A folder that no commit has is as good as any other.
  const { code } = await verify('--from', 'main', '--to', 'forged', '--evidence', 'deep/own');
  assert.equal(code, 3);
  assert.ok(existsSync(join(repository, 'deep', 'own', 'decision.json')));
});

test("a policy beside the checked-out trees is nobody's", async () => {
  git('checkout', '-q', '-b', 'without', 'main');
  git('rm', '-q', 'basekeeper.yaml');
  git('commit', '-q', '-m', 'no policy');
  git('checkout', '-q', '-b', 'without-update');
  write({ 'app/Dockerfile': 'FROM node:24-slim\nUSER 1000\n' });
  git('commit', '-q', '-a', '-m', 'update');
  // Temporary folders are everybody's.
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, 'basekeeper.yaml'), policy(`touch ${join(folder, 'planted')}`));
  const { stdout } = await verify('--from', 'without', '--to', 'without-update', '--json');
  assert.deepEqual((JSON.parse(stdout) as VerifyResult).tests, []);
  assert.ok(!existsSync(join(folder, 'planted')));
});
