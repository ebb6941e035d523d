import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { basekeeper, makeTree, run, today } from './command.ts';

const removals: (() => Promise<void>)[] = [];
after(async () => {
  for (const remove of removals) await remove();
});

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const made = await makeTree(files);
  removals.push(made.remove);
  return made.path;
}

const git = (cwd: string, ...args: string[]) =>
  run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd });
const check = (path: string, ...args: string[]) => basekeeper(['check', path, '--now', today, ...args]);

test('a repository cannot make git start the program of a remote', async () => {
  const path = await tree({ Dockerfile: 'FROM alpine:3.24\n' });
  const mark = join(path, 'started');
  await git(path, 'init', '-q', '-b', 'main');
  await git(path, 'add', '-A');
  await git(path, 'commit', '-qm', 'one');
  const { stdout: lost } = await git(path, 'rev-parse', 'HEAD^{tree}');
  await git(path, 'commit', '-q', '--allow-empty', '-m', 'two');
  writeFileSync(join(path, 'Dockerfile'), 'FROM alpine:3.23\n');
  await git(path, 'commit', '-qam', 'three');
  for (const [key, value] of [
    ['core.repositoryformatversion', '1'],
    ['extensions.partialClone', 'origin'],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.url', 'ssh://example.invalid/x'],
    ['core.sshCommand', `sh -c 'touch ${mark}; exit 1'`],
  ] as const)
    await git(path, 'config', key, value);
  const object = lost.trim();
  rmSync(join(path, '.git', 'objects', object.slice(0, 2), object.slice(2)), { force: true });
  const { code } = await check(path, '--changed-since', 'HEAD~1');
  assert.ok(code === 2 || code === 3, String(code));
  assert.equal(existsSync(mark), false);
});

test('an output goes through links, keeps modes, and does not replace what is no file', async () => {
  const path = await tree({ Dockerfile: 'FROM alpine:3.24\nUSER 1\n', 'target.json': 'old', 'private.json': 'old' });
  symlinkSync('target.json', join(path, 'link.json'));
  chmodSync(join(path, 'private.json'), 0o600);
  await run('mkfifo', ['pipe'], { cwd: path });
  const reader = run('cat', ['pipe'], { cwd: path });
  const outputs = ['link.json', 'private.json', 'pipe'].flatMap((name) => ['--output', `json=${join(path, name)}`]);
  assert.equal((await check(join(path, 'Dockerfile'), ...outputs)).code, 0);
  assert.equal(JSON.parse(readFileSync(join(path, 'target.json'), 'utf8')).version, 1);
  assert.equal(statSync(join(path, 'private.json')).mode & 0o777, 0o600);
  assert.equal(JSON.parse((await reader).stdout).version, 1);
  assert.ok(statSync(join(path, 'pipe')).isFIFO());
  assert.deepEqual(
    readdirSync(path).filter((name) => name.includes('.tmp')),
    [],
  );
});

test('keys of a policy file reach the terminal escaped', async () => {
  const path = await tree({
    Dockerfile: 'FROM alpine:3.24\n',
    'basekeeper.yaml': 'version: 1\n"\\e[31mfoo\\u202e": 1\n',
  });
  const { code, stderr } = await check(path);
  assert.equal(code, 2);
  assert.ok(!stderr.includes('\u001b') && !stderr.includes('\u202e'), JSON.stringify(stderr));
});

test('a policy file that is a device or a pipe is refused at once', async () => {
  for (const name of ['basekeeper.yaml', 'basekeeper-baseline.json']) {
    const path = await tree({ Dockerfile: 'FROM alpine:3.24\n' });
    if (name !== 'basekeeper.yaml') writeFileSync(join(path, 'basekeeper.yaml'), 'version: 1\n');
    symlinkSync('/dev/zero', join(path, name));
    const { code, stderr } = await check(path);
    assert.equal(code, 2);
    assert.match(stderr, /is no file/);
  }
  const path = await tree({ Dockerfile: 'FROM alpine:3.24\n' });
  await run('mkfifo', ['basekeeper.yaml'], { cwd: path });
  assert.equal((await check(path)).code, 2);
});

const policy = `version: 1
ignore: ["gen/**"]
rules: { dependabot: off }
buildArgs: { "services/**": { TAG: "3.24" } }
waivers: [{ id: W, image: docker.io/library/node, rule: [end-of-life, unmaintained-tag, smaller-variant, builder-image], path: "legacy/**", reason: r, owner: o, expires: 2027-01-31 }]
`;
const policyTree = {
  'basekeeper.yaml': policy,
  'legacy/Dockerfile': 'FROM node:16\nUSER node\n',
  'services/a/Dockerfile': 'ARG TAG\nFROM alpine:$TAG\nUSER 1\n',
  'gen/Dockerfile': 'FROM someone/thing:1\n',
};

test('paths of the policy are relative to its file, whatever part of the tree is named', async () => {
  const path = await tree(policyTree);
  mkdirSync(join(path, '.git'));
  for (const part of [
    '.',
    'legacy',
    'legacy/Dockerfile',
    'services',
    'services/a/Dockerfile',
    'gen',
    'gen/Dockerfile',
  ]) {
    const { code, stdout } = await basekeeper(['check', part, '--json', '--unknown', 'fail', '--now', today], {
      cwd: path,
    });
    assert.equal(code, 0, `${part}\n${stdout}`);
    assert.deepEqual(JSON.parse(stdout).policyFindings, [], part);
  }
});

test('init --baseline in a folder keeps what it recorded of the rest', async () => {
  const red = 'FROM someone/thing:1\nUSER 1\n';
  const path = await tree({ 'a/Dockerfile': red, 'b/Dockerfile': red });
  mkdirSync(join(path, '.git'));
  const at = (...args: string[]) => basekeeper([...args, '--now', today], { cwd: path });
  assert.equal((await at('init', '--baseline')).code, 0);
  for (const part of ['.', 'a', 'a/Dockerfile']) assert.equal((await at('check', part)).code, 0, part);
  assert.equal((await at('init', '--baseline', 'a')).code, 0);
  assert.equal((await at('check', '.')).code, 0);
});

test('a changed build definition has what it builds judged, a changed policy everything', async () => {
  const compose = (version: string) =>
    `services:\n  a:\n    build:\n      context: ./svc\n      args: { V: "${version}" }\n`;
  const path = await tree({
    'svc/Dockerfile': 'ARG V\nFROM node:$V-alpine\nUSER node\n',
    'compose.yaml': compose('26'),
  });
  await git(path, 'init', '-q', '-b', 'main');
  await git(path, 'add', '-A');
  await git(path, 'commit', '-qm', 'one');
  assert.equal((await check(path, '--changed-since', 'main')).code, 0);
  writeFileSync(join(path, 'compose.yaml'), compose('16'));
  assert.equal((await check(path, '--changed-since', 'main')).code, 1);
  writeFileSync(join(path, 'compose.yaml'), compose('26'));
  writeFileSync(join(path, 'basekeeper.yaml'), 'version: 1\nrules: { no-digest: fail }\n');
  assert.equal((await check(path, '--changed-since', 'main')).code, 1);
});

test('a changed organisation file, too, has everything judged', async () => {
  const path = await tree({
    'org/policy.yaml': 'version: 1\n',
    'app/basekeeper.yaml': 'version: 1\nextends: ../org/policy.yaml\n',
    'app/Dockerfile': 'FROM alpine:3.24\nUSER 1\n',
  });
  await git(path, 'init', '-q', '-b', 'main');
  await git(path, 'add', '-A');
  await git(path, 'commit', '-qm', 'one');
  assert.equal((await check(join(path, 'app'), '--changed-since', 'main')).code, 0);
  writeFileSync(join(path, 'org', 'policy.yaml'), 'version: 1\nrules: { no-digest: fail }\n');
  assert.equal((await check(join(path, 'app'), '--changed-since', 'main')).code, 1);
});

test('an argument that the outer one leaves out is looked at all the same', async () => {
  const path = await tree({
    Dockerfile: 'FROM alpine:3.24\nUSER 1\n',
    'vendor/x/Dockerfile': 'FROM someone/thing:1\n',
  });
  const { code, stdout } = await basekeeper(['check', '.', 'vendor/x', '--json', '--now', today], { cwd: path });
  assert.equal(code, 1);
  assert.deepEqual(
    JSON.parse(stdout).files.map((file: { path: string }) => file.path),
    ['Dockerfile', 'vendor/x/Dockerfile'],
  );
});

test('an image that a build definition names is internal by its very tag only, and never instead of an official one', async () => {
  const path = await tree({
    'compose.yaml':
      'services:\n  e:\n    build: ./app\n    image: evil/thing:1\n  d:\n    build: ./app\n    image: mcr.microsoft.com/dotnet/aspnet:10.0\n',
    'app/Dockerfile': 'FROM alpine:3.24\nUSER 1\n',
    Dockerfile: `FROM evil/thing:2 AS a\nFROM evil/thing:1@sha256:${'a'.repeat(64)} AS b\nFROM mcr.microsoft.com/dotnet/aspnet:10.0 AS c\nFROM evil/thing:1\nCOPY --from=a / /\nCOPY --from=b / /\nCOPY --from=c / /\n`,
  });
  const { stdout } = await check(path, '--json');
  const { uses } = JSON.parse(stdout).files.find((file: { path: string }) => file.path === 'Dockerfile');
  assert.deepEqual(
    uses.map(({ category }: { category: string }) => category),
    ['prohibited', 'prohibited', 'restricted', 'preferred'],
  );
  assert.match((await check(path)).stdout, /internal: evil\/thing:1 → alpine:3\.24/);
});

test('placeholders in what is only deployed are no failure', async () => {
  const pod = (image: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - { name: a, image: "${image}" }\n`;
  for (const image of ['IMAGE_NAME', '__IMAGE__', 'PROJECT_ID/app:TAG', '<your-image>'])
    assert.equal((await check(await tree({ 'pod.yaml': pod(image) }))).code, 0, image);
});

test('an ignore above a FROM over several lines covers it', async () => {
  const comment = '# basekeeper: ignore=prohibited-x until=2026-12-31 -- why'.replace(
    'prohibited-x',
    'end-of-life,unmaintained-tag,smaller-variant,builder-image',
  );
  const path = await tree({
    Dockerfile: `${comment}\nFROM --platform=linux/amd64 \\\n  node:16 \\\n  AS x\nUSER node\n`,
  });
  const { code, stdout } = await check(path, '--json');
  assert.equal(code, 0, stdout);
  assert.equal(JSON.parse(stdout).files[0].uses[0].verdict, 'waived');
});

test('an inline Dockerfile that is no block literal is placed at its own line', async () => {
  const path = await tree({
    'compose.yaml': 'services:\n\n\n  a:\n    build: { dockerfile_inline: "FROM node:16\\nUSER 1\\n" }\n',
  });
  const { stdout } = await check(path, '--json');
  assert.equal(JSON.parse(stdout).files[0].uses[0].line, 5);
});

test('findings about ignores keep the file they stand in, with several arguments', async () => {
  const text = '# basekeeper: ignore=end-of-life until=2026-01-01 -- why\nFROM alpine:3.24\nUSER 1\n';
  const path = await tree({ 'x/Dockerfile': text, 'y/Dockerfile': text });
  const { stdout } = await basekeeper(['check', 'x', 'y', '--json', '--now', today], { cwd: path });
  assert.deepEqual(
    JSON.parse(stdout).policyFindings.map((finding: { path: string }) => finding.path),
    ['x/Dockerfile', 'y/Dockerfile'],
  );
});

test('an argument within another, or given twice, counts once', async () => {
  const path = await tree({ Dockerfile: 'FROM alpine:3.24\n' });
  const { stdout } = await basekeeper(['check', 'Dockerfile', 'Dockerfile', '.', '--json', '--now', today], {
    cwd: path,
  });
  assert.equal(JSON.parse(stdout).summary.uses, 1);
});

for (const args of [
  ['init', 'Dockerfile'],
  ['check', '/dev/zero'],
  ['check', '.', '--now', '2026-02-30'],
]) {
  test(`basekeeper ${args.join(' ')} is wrong usage`, async () => {
    const path = await tree({ Dockerfile: 'FROM alpine:3.24\n' });
    const { code, stderr } = await basekeeper(args, { cwd: path });
    assert.equal(code, 2, stderr);
    assert.doesNotMatch(stderr, /this is a bug/);
  });
}
