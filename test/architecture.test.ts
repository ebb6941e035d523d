import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

/** Who may import whom, and why: the table of ARCHITECTURE.md. Libraries are named `npm:…`, Node's modules `node:*`. */
const table: readonly { readonly from: string; readonly may: readonly string[]; readonly because: string }[] = [
  {
    from: 'domain',
    may: ['domain', 'npm:yaml', 'npm:jsonc-parser', 'npm:picomatch'],
    because: 'a decision can be read and tested without the world',
  },
  { from: 'ports', may: ['ports', 'domain'], because: "a contract is in our words, no vendor's" },
  { from: 'flows', may: ['flows', 'domain', 'ports'], because: "the order of the work, no vendor's detail" },
  {
    from: 'adapters',
    may: [
      'domain',
      'ports',
      'npm:ignore',
      'npm:undici',
      'npm:ipaddr.js',
      'npm:p-queue',
      'npm:kysely',
      'npm:nodemailer',
      'npm:@gitbeaker/core',
      'npm:@gitbeaker/requester-utils',
      'npm:@octokit/request',
      'npm:@octokit/types',
      'npm:universal-github-app-jwt',
      'node:*',
    ],
    because: 'an adapter never knows another',
  },
  {
    from: 'render',
    may: ['render', 'domain', 'flows', 'npm:fast-string-width', 'npm:diff'],
    because: 'printing is a function of a result',
  },
  {
    from: 'config',
    may: ['config', 'domain', 'node:*', 'npm:yaml', 'npm:zod', 'npm:fastest-levenshtein'],
    because: 'settings are facts from outside, turned into domain data',
  },
  { from: 'catalog', may: ['catalog', 'domain'], because: 'the snapshot is data' },
  {
    from: 'wiring',
    may: ['wiring', 'adapters', 'catalog', 'config', 'domain', 'ports', 'flows', 'node:*'],
    because: 'one place shows the program whole',
  },
  {
    from: 'cli',
    may: ['cli', 'flows', 'render', 'config', 'domain', 'ports', 'wiring', 'node:*', 'npm:*'],
    because: 'entry points choose and print',
  },
  {
    from: 'action',
    may: ['action', 'cli', 'config', 'ports', 'render', 'wiring', 'node:*'],
    because: 'it starts the program as a person would, and tells the job',
  },
];

/** One home each; the patterns are looked for in the text of every other file. */
const homes: readonly { readonly what: string; readonly pattern: RegExp; readonly home: RegExp }[] = [
  { what: 'the environment', pattern: /process\.env\b/, home: /^(config\/environment\.ts|adapters\/workspace\/)/ },
  { what: 'process exit', pattern: /process\.exit(Code)?\b/, home: /^(cli|action)\// },
  { what: 'the network', pattern: /\bfetch\(|from 'undici'|node:https?'/, home: /^adapters\/http\// },
  {
    what: 'child processes',
    pattern: /node:child_process/,
    home: /^(action|adapters\/(git|workspace|builder|scanner|process))\//,
  },
  { what: 'SQL', pattern: /from 'kysely'|node:sqlite/, home: /^adapters\/store\// },
  { what: 'the clock', pattern: /Date\.now\(|new Date\(\)/, home: /^wiring\/clock\.ts$/ },
];

const root = join(import.meta.dirname, '..', 'src');
const files = globSync('**/*.ts', { cwd: root }).sort();
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

function area(path: string): string {
  return path.split('/')[0] ?? path;
}

function importsOf(file: string, text: string): readonly string[] {
  const statements = text.matchAll(/^(?:import|export)\s(?:[^'";=]*?\sfrom\s)?'([^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\('([^']+)'\)/g);
  return [...statements, ...dynamic].map(([, target = '']) => {
    if (target.startsWith('node:')) return target;
    if (target.startsWith('.')) return relative(root, join(root, dirname(file), target));
    return `npm:${target}`;
  });
}

function allows(may: readonly string[], file: string, target: string): boolean {
  // An adapter knows its own folder, what its kind shares in the folder above, and what all of them speak HTTP and git
  // and start programs with.
  if (area(file) === 'adapters' && dirname(target) === dirname(dirname(file)) && dirname(target) !== 'adapters')
    return true;
  if (area(file) === 'adapters' && target.startsWith('adapters/'))
    return [dirname(file), 'adapters/http', 'adapters/process', 'adapters/git'].some((folder) =>
      target.startsWith(`${folder}/`),
    );
  const name = target.startsWith('node:') || target.startsWith('npm:') ? target : area(target);
  return may.some((entry) => entry === name || (entry.endsWith(':*') && name.startsWith(entry.slice(0, -1))));
}

test('every source file lies in an area of the table', () => {
  const areas = new Set(table.map(({ from }) => from));
  assert.deepEqual(
    files.filter((file) => !areas.has(area(file))),
    [],
  );
});

for (const { from, may, because } of table) {
  test(`${from} imports only ${may.join(', ')}: ${because}`, () => {
    const violations = [...sources]
      .filter(([file]) => area(file) === from)
      .flatMap(([file, text]) => importsOf(file, text).map((target) => ({ file, target })))
      .filter(({ file, target }) => !allows(may, file, target));
    assert.deepEqual(violations, [], because);
  });
}

for (const { what, pattern, home } of homes) {
  test(`${what} has one home`, () => {
    const strays = [...sources].filter(([file, text]) => !home.test(file) && pattern.test(text)).map(([file]) => file);
    assert.deepEqual(strays, []);
  });
}

test('the domain is synchronous', () => {
  const strays = [...sources].filter(
    ([file, text]) => area(file) === 'domain' && /\basync\b|\bawait\b|\bPromise\b/.test(text),
  );
  assert.deepEqual(
    strays.map(([file]) => file),
    [],
  );
});

test('no file is named after nothing', () => {
  const strays = files.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc|manager|service)\.ts$/.test(file));
  assert.deepEqual(strays, []);
});
