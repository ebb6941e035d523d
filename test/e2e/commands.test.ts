import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { basekeeper, makeTree, today } from './command.ts';

const removals: (() => Promise<void>)[] = [];
after(async () => {
  for (const remove of removals) await remove();
});

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const made = await makeTree(files);
  removals.push(made.remove);
  return made.path;
}

test('images lists uses without judging them', async () => {
  const path = await tree({ Dockerfile: 'FROM someone/thing:1 AS a\nFROM scratch\nCOPY --from=a /a /a\n' });
  const { code, stdout } = await basekeeper(['images', path, '--json', '--now', today]);
  assert.equal(code, 0);
  const [first, second] = JSON.parse(stdout).files[0].uses;
  assert.deepEqual([first.reference, first.role, second.reference], ['docker.io/someone/thing:1', 'build', 'scratch']);
  assert.equal('verdict' in first || 'rules' in first || 'category' in first, false);
  assert.match((await basekeeper(['images', path])).stdout, /someone\/thing:1/);
});

test('explain answers for one reference, exit 0 whatever it finds', async () => {
  const { code, stdout } = await basekeeper(['explain', 'node:16', '--json', '--now', today]);
  assert.equal(code, 0);
  const explanation = JSON.parse(stdout);
  assert.deepEqual(Object.keys(explanation), [
    'reference',
    'category',
    'matched',
    'verdict',
    'rules',
    'lifecycle',
    'alternatives',
  ]);
  assert.equal(explanation.reference, 'docker.io/library/node:16');
  assert.equal(explanation.verdict, 'fail');
  assert.ok(
    explanation.alternatives.some(({ reference }: { reference: string }) =>
      reference.startsWith('docker.io/library/node:26'),
    ),
  );
  assert.match((await basekeeper(['explain', 'node:16', '--now', today])).stdout, /node:26/);
});

test('explain --tags-from adds what may follow the reference, and nothing else changes', async () => {
  const path = await tree({
    tags: '22.11.0-alpine\t2024-10-30\n22.12.0-alpine\t2024-12-03T10:00:00Z\r\n\n24.1.0-alpine\n26.0.0-rc.1-alpine\n22.9.0-alpine\n',
  });
  const plain = ['explain', 'node:22.11.0-alpine', '--now', '2026-08-22'];
  const args = [...plain, '--tags-from', join(path, 'tags')];
  const { code, stdout } = await basekeeper([...args, '--json']);
  assert.equal(code, 0);
  const { slots, candidates, recommended, rejected, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, JSON.parse((await basekeeper([...plain, '--json'])).stdout));
  assert.deepEqual(
    slots.map(({ kind }: { kind: string }) => kind),
    ['version', 'os'],
  );
  assert.deepEqual(
    candidates.map(({ lane, tag }: { lane: string; tag: string }) => `${lane} ${tag}`),
    ['minor 22.12.0-alpine', 'major 24.1.0-alpine'],
  );
  assert.equal(recommended, '22.12.0-alpine');
  assert.deepEqual(rejected, [
    { tag: '22.9.0-alpine', reason: 'it is older' },
    { tag: '26.0.0-rc.1-alpine', reason: 'rc.1 is a prerelease' },
  ]);
  assert.match((await basekeeper(args)).stdout, /minor +22\.12\.0-alpine +recommended/);
  const none = await tree({ tags: '' });
  assert.match((await basekeeper([...plain, '--tags-from', join(none, 'tags')])).stdout, /No newer tag/);
});

test('explain --tags-from tells every line that is no tag, and what file it could not read', async () => {
  const path = await tree({ tags: '22\na b\n23\t2026-02-30\n24\t2026-01-01\tx\n' });
  const { code, stderr } = await basekeeper(['explain', 'node:22', '--tags-from', join(path, 'tags')]);
  assert.equal(code, 2);
  for (const line of [/tags:2: "a b" is no tag/, /tags:3: "2026-02-30" is no date/, /tags:4: more than one tab/])
    assert.match(stderr, line);
  const missing = await basekeeper(['explain', 'node:22', '--tags-from', join(path, 'nothing')]);
  assert.deepEqual([missing.code, /there is no such file/.test(missing.stderr)], [2, true]);
  const scratch = await basekeeper(['explain', 'scratch', '--tags-from', join(path, 'tags')]);
  assert.deepEqual([scratch.code, /scratch has no tags/.test(scratch.stderr)], [2, true]);
});

test('explain refuses what is no reference, with the reason', async () => {
  const { code, stderr } = await basekeeper(['explain', 'Alpine:3']);
  assert.equal(code, 2);
  assert.match(stderr, /write alpine/);
});

test('init writes a policy file that check accepts, and does not overwrite it', async () => {
  const path = await tree({ Dockerfile: 'FROM alpine:3.24\nUSER 1\n' });
  assert.equal((await basekeeper(['init', path])).code, 0);
  assert.equal((await basekeeper(['policy', 'validate', join(path, 'basekeeper.yaml')])).code, 0);
  assert.equal((await basekeeper(['check', path, '--now', today])).code, 0);
  const second = await basekeeper(['init', path]);
  assert.equal(second.code, 2);
  assert.match(second.stderr, /is there already/);
});

test('init --baseline lets a red repository adopt, and the debt may only shrink', async () => {
  const red = 'FROM someone/thing:1\nUSER 1\n';
  const path = await tree({ Dockerfile: red });
  assert.equal((await basekeeper(['check', path, '--now', today])).code, 1);
  assert.equal((await basekeeper(['init', path, '--baseline', '--now', today])).code, 0);
  assert.equal((await basekeeper(['check', path, '--now', today])).code, 0);
  await writeFile(join(path, 'second.Dockerfile'), red);
  assert.equal((await basekeeper(['check', path, '--now', today])).code, 1);
  const again = await basekeeper(['init', path, '--baseline', '--now', today]);
  assert.match(
    again.stdout,
    /not covered, since a baseline may only shrink: prohibited of docker\.io\/someone\/thing in second\.Dockerfile/,
  );
  assert.equal((await basekeeper(['check', path, '--now', today])).code, 1);
  await writeFile(join(path, 'Dockerfile'), 'FROM alpine:3.24\nUSER 1\n');
  await writeFile(join(path, 'second.Dockerfile'), 'FROM alpine:3.24\nUSER 1\n');
  assert.match((await basekeeper(['check', path, '--now', today])).stdout, /baseline/);
  await basekeeper(['init', path, '--baseline', '--now', today]);
  assert.deepEqual(JSON.parse(await readFile(join(path, 'basekeeper-baseline.json'), 'utf8')).entries, []);
});

test('policy validate names file, line and what to write', async () => {
  const path = await tree({ 'basekeeper.yaml': 'version: 1\nsources:\n  oficial: []\n' });
  const { code, stderr } = await basekeeper(['policy', 'validate', join(path, 'basekeeper.yaml')], { cwd: path });
  assert.equal(code, 2);
  assert.match(stderr, /basekeeper\.yaml:3: sources\.oficial is not known; did you mean official\?/);
});

test('policy show prints a policy file, and as JSON', async () => {
  const { stdout } = await basekeeper(['policy', 'show']);
  assert.match(stdout, /^# the default policy\nversion: 1\n/);
  const shown = JSON.parse((await basekeeper(['policy', 'show', '--json'])).stdout);
  assert.equal(shown.rules['end-of-life'].ships, 'fail');
});

test('policy schema prints a JSON Schema that knows every rule', async () => {
  const schema = JSON.parse((await basekeeper(['policy', 'schema'])).stdout);
  assert.ok(schema.properties.rules.properties['smaller-variant']);
  assert.equal(schema.additionalProperties, false);
});

test('catalog show names sources with dates, and what it knows of one image', async () => {
  const { stdout, code } = await basekeeper(['catalog', 'show', '--json', '--now', today]);
  assert.equal(code, 0);
  const shown = JSON.parse(stdout);
  assert.ok(shown.sources.length >= 3);
  for (const { date } of shown.sources) assert.match(date, /^\d{4}-\d{2}-\d{2}$/);
  assert.match((await basekeeper(['catalog', 'show', 'node', '--now', today])).stdout, /26/);
  assert.match((await basekeeper(['catalog', 'show', '--now', '2027-06-01'])).stdout, /older than 90 days/);
});

test('the version and the help are printed, exit 0', async () => {
  assert.match((await basekeeper(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  const help = await basekeeper(['check', '--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--changed-since/);
});

test('an unknown command exits 2', async () => {
  assert.equal((await basekeeper(['chekc'])).code, 2);
});
