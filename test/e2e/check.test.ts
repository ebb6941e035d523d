import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { basekeeper, makeTree, run, today } from './command.ts';

const removals: (() => Promise<void>)[] = [];
after(async () => {
  for (const remove of removals) await remove();
});

async function tree(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const made = await makeTree(files);
  removals.push(made.remove);
  return made.path;
}

const good = 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n';
const bad = 'FROM someone/thing:1\nUSER 65532\n';
const warned = 'FROM alpine\nUSER 65532\n';
const unknown = 'ARG T\nFROM alpine:$T\nUSER 65532\n';

for (const [name, files, args, code] of [
  ['a clean tree exits 0', { Dockerfile: good }, [], 0],
  ['a failing verdict exits 1', { Dockerfile: bad }, [], 1],
  ['a warning exits 0', { Dockerfile: warned }, [], 0],
  ['a warning exits 1 with --fail-on warn', { Dockerfile: warned }, ['--fail-on', 'warn'], 1],
  ['--fail-on never exits 0', { Dockerfile: bad }, ['--fail-on', 'never'], 0],
  ['unknown exits 0', { Dockerfile: unknown }, [], 0],
  ['unknown exits 1 with --unknown fail', { Dockerfile: unknown }, ['--unknown', 'fail'], 1],
  ['a build argument resolves it', { Dockerfile: unknown }, ['--unknown', 'fail', '--build-arg', 'T=3.24'], 0],
  ['a binary Dockerfile exits 1', { Dockerfile: Buffer.from([0, 1, 2, 0]) }, [], 1],
  ['a tree without images exits 0', { 'README.md': '# x' }, [], 0],
  ['an unknown option exits 2', { Dockerfile: good }, ['--no-such-option'], 2],
  ['an unknown format exits 2', { Dockerfile: good }, ['--format', 'xml'], 2],
  ['a wrong level exits 2', { Dockerfile: good }, ['--fail-on', 'info'], 2],
  ['a wrong instant exits 2', { Dockerfile: good }, ['--now', 'tomorrow'], 2],
  ['a wrong platform exits 2', { Dockerfile: good }, ['--platform', 'a/b/c/d'], 2],
  ['a build argument without a value exits 2', { Dockerfile: good }, ['--build-arg', 'T'], 2],
  ['a broken policy file exits 2', { Dockerfile: good, 'basekeeper.yaml': 'version: 1\nrulez: {}\n' }, [], 2],
  ['--changed-since outside of git exits 2', { Dockerfile: good }, ['--changed-since', 'main'], 2],
] as const) {
  test(name, async () => {
    const path = await tree(files);
    const now = args.some((arg) => arg === '--now') ? [] : ['--now', today];
    const result = await basekeeper(['check', path, ...now, ...args]);
    assert.equal(result.code, code, result.stdout + result.stderr);
    if (code === 2) assert.match(result.stderr, /\S/);
    assert.doesNotMatch(result.stderr, /this is a bug/);
  });
}

test('unknown fails in CI', async () => {
  const path = await tree({ Dockerfile: unknown });
  assert.equal((await basekeeper(['check', path, '--now', today], { env: { CI: 'true' } })).code, 1);
});

test('a path that does not exist is named, exit 2', async () => {
  const { code, stderr } = await basekeeper(['check', '/no/such/folder']);
  assert.equal(code, 2);
  assert.equal(stderr, 'basekeeper: there is no file or folder /no/such/folder\n');
});

test('--json has the documented shape, and nothing else is printed', async () => {
  const path = await tree({
    'app/Dockerfile':
      'ARG V=3.19\nFROM --platform=linux/arm64 alpine:$V AS base\nFROM base\nCOPY --from=nginx:1 /a /b\nUSER 1\n',
  });
  const { stdout, stderr } = await basekeeper(['check', path, '--json', '--now', today]);
  assert.equal(stderr, '');
  const { version, now, files, summary } = JSON.parse(stdout);
  assert.equal(version, 1);
  assert.equal(now, '2026-11-23T00:00:00.000Z');
  assert.equal(files.length, 1);
  assert.equal(files[0].path, 'app/Dockerfile');
  const [base, copy] = files[0].uses;
  assert.deepEqual(
    [base.reference, base.written, base.role, base.stage, base.line, base.platform, base.category, base.verdict],
    ['docker.io/library/alpine:3.19', 'alpine:$V', 'final', 'base', 2, 'linux/arm64', 'preferred', 'fail'],
  );
  assert.deepEqual([copy.reference, copy.role, copy.stage, copy.line], ['docker.io/library/nginx:1', 'copy', '1', 4]);
  for (const { rule, verdict, reason } of base.rules) assert.ok(rule && verdict && reason);
  assert.equal(summary.uses, 2);
});

test('one file can be named, whatever its name', async () => {
  const path = await tree({ 'build.txt': good });
  const { stdout, code } = await basekeeper(['check', join(path, 'build.txt'), '--json', '--now', today]);
  assert.equal(code, 0);
  assert.deepEqual(
    JSON.parse(stdout).files.map(({ path: name }: { path: string }) => name),
    ['build.txt'],
  );
});

test('several arguments keep their paths apart', async () => {
  const path = await tree({ 'a/Dockerfile': good, 'b/Dockerfile': bad });
  const { stdout } = await basekeeper(['check', 'a', 'b', '--json', '--now', today], { cwd: path });
  assert.deepEqual(
    JSON.parse(stdout).files.map(({ path: name }: { path: string }) => name),
    ['a/Dockerfile', 'b/Dockerfile'],
  );
});

test('annotations name files from where the user stands', async () => {
  const path = await tree({ 'a/Dockerfile': bad });
  const { stdout } = await basekeeper(['check', 'a', '--format', 'github', '--now', today], { cwd: path });
  assert.match(stdout, /^::error file=a\/Dockerfile,line=1/m);
});

test('several formats in one run, written whole', async () => {
  const path = await tree({ Dockerfile: bad });
  const outputs = ['sarif', 'json', 'markdown', 'junit', 'gitlab', 'html'].flatMap((format) => [
    '--output',
    `${format}=${join(path, `out.${format}`)}`,
  ]);
  const { code } = await basekeeper(['check', path, ...outputs, '--now', today]);
  assert.equal(code, 1);
  assert.equal(JSON.parse(await readFile(join(path, 'out.sarif'), 'utf8')).version, '2.1.0');
  const names = await readdir(path);
  assert.deepEqual(
    names.filter((name) => name.endsWith('.tmp')),
    [],
  );
  assert.equal(names.filter((name) => name.startsWith('out.')).length, 6);
});

test('an output in a folder that does not exist is refused, exit 2', async () => {
  const path = await tree({ Dockerfile: good });
  const { code, stderr } = await basekeeper(['check', path, '--output', `json=${join(path, 'no', 'x.json')}`]);
  assert.equal(code, 2);
  assert.match(stderr, /its folder does not exist/);
});

test('only changed files are reported with --changed-since', async () => {
  const path = await tree({ 'a/Dockerfile': bad, 'b/Dockerfile': good });
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: path });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-qm', 'one');
  await writeFile(join(path, 'b', 'Dockerfile'), warned);
  const { stdout, code } = await basekeeper(['check', path, '--json', '--changed-since', 'main', '--now', today]);
  assert.equal(code, 0);
  assert.deepEqual(
    JSON.parse(stdout).files.map(({ path: name }: { path: string }) => name),
    ['b/Dockerfile'],
  );
  assert.equal((await basekeeper(['check', path, '--changed-since', 'no-such-branch'])).code, 2);
  assert.equal((await basekeeper(['check', path, '--changed-since=--output=x'])).code, 2);
});

test('broken neighbours are one line each, and the rest is judged', async () => {
  const path = await tree({
    Dockerfile: good,
    'binary/Dockerfile': Buffer.from('FROM a\0b'),
    'latin/Dockerfile': Buffer.from([0x46, 0x52, 0xff, 0xfe, 0x0a]),
    'compose.yaml': 'services: [\n',
    'bomb/compose.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`)
      .join('\n')}\nservices: *i\n`,
    'long/Dockerfile': `FROM alpine:3.24\nRUN ${'x'.repeat(70_000)}\n`,
    'many/Dockerfile': `FROM alpine:3.24\n${'RUN true\n'.repeat(100_000)}USER 1\n`,
    'package.json': '{}',
  });
  await mkdir(join(path, 'loop'));
  await symlink(join(path, 'loop'), join(path, 'loop', 'again'));
  await symlink('/etc/passwd', join(path, 'loop', 'Dockerfile'));
  const { stdout, code, stderr } = await basekeeper(['check', path, '--json', '--now', today]);
  assert.equal(code, 1, stderr);
  const files: { path: string; problems: { message: string; severity: string }[]; uses: unknown[] }[] =
    JSON.parse(stdout).files;
  const problem = (name: string) =>
    files
      .find((file) => file.path === name)
      ?.problems.map(({ message }) => message)
      .join('; ') ?? '(no such file)';
  assert.equal(files.find((file) => file.path === 'Dockerfile')?.uses.length, 1);
  assert.match(problem('binary/Dockerfile'), /binary/);
  assert.match(problem('latin/Dockerfile'), /UTF-8/);
  assert.match(problem('compose.yaml'), /YAML/i);
  assert.match(problem('bomb/compose.yaml'), /alias/i);
  assert.match(problem('long/Dockerfile'), /65,?535/);
  assert.equal(files.find((file) => file.path === 'many/Dockerfile')?.problems.length, 0);
  assert.ok(!stdout.includes('root:x:'));
});

test('an unreadable folder is told', async () => {
  const path = await tree({ 'closed/Dockerfile': good, Dockerfile: good });
  // The superuser reads everything: the program runs as nobody then.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  await chmod(path, 0o755);
  await chmod(join(path, 'closed'), 0);
  const { stdout, code, stderr } = await basekeeper(['check', path, '--json', '--now', today], nobody);
  await chmod(join(path, 'closed'), 0o755);
  assert.equal(code, 1, stderr);
  assert.match(stdout, /closed/);
});

test('hostile names and texts do not reach the terminal raw', async () => {
  const path = await tree({
    'a\u001b[31m/Dockerfile': 'FROM so\u001b]0;me/th\u0007ing:1\n',
    'b::error::x/Dockerfile': bad,
  });
  for (const format of ['text', 'github', 'markdown']) {
    const { stdout } = await basekeeper(['check', path, '--format', format, '--now', today]);
    assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/, format);
  }
});

test('colour only where it is asked for', async () => {
  const path = await tree({ Dockerfile: bad });
  assert.ok(!(await basekeeper(['check', path])).stdout.includes('\u001b['));
  assert.ok((await basekeeper(['check', path, '--color'])).stdout.includes('\u001b['));
});

for (const [language, dockerfile] of [
  [
    'Node.js',
    'FROM node:26\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nEXPOSE 3000\nCMD ["node", "dist/server.js"]\n',
  ],
  ['Go', 'FROM golang:1.27\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nCMD ["/app"]\n'],
  [
    'Python',
    'FROM python:3.14\nWORKDIR /app\nRUN apt-get update && apt-get install -y gcc libpq-dev\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["python", "app.py"]\n',
  ],
  [
    'Java',
    'FROM maven:3.9-eclipse-temurin-25\nWORKDIR /app\nCOPY . .\nRUN mvn -q package\nCMD ["java", "-jar", "target/app.jar"]\n',
  ],
  [
    '.NET',
    'FROM mcr.microsoft.com/dotnet/sdk:10.0\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /out\nWORKDIR /out\nENTRYPOINT ["dotnet", "App.dll"]\n',
  ],
] as const) {
  test(`check --explain shows a multi-stage version for ${language} that itself passes`, async () => {
    const path = await tree({ Dockerfile: dockerfile });
    const { stdout } = await basekeeper(['check', path, '--explain', '--json', '--now', today]);
    const { suggestion } = JSON.parse(stdout).files[0];
    assert.ok(suggestion, stdout);
    const again = await tree({ Dockerfile: suggestion.text });
    const { code, stdout: second } = await basekeeper(['check', again, '--json', '--fail-on', 'warn', '--now', today]);
    assert.equal(code, 0, `${suggestion.text}\n${second}`);
    assert.ok(JSON.parse(second).files[0].uses.length >= 2);
    assert.match((await basekeeper(['check', path, '--explain', '--now', today])).stdout, /FROM .* AS /);
  });
}
