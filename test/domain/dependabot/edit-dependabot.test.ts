import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { DependabotChange } from '../../../src/domain/dependabot/dependabot-finding.ts';
import { editDependabot } from '../../../src/domain/dependabot/edit-dependabot.ts';
import { type DependabotSettings, judgeDependabot } from '../../../src/domain/dependabot/judge-dependabot.ts';
import { readDependabotFile } from '../../../src/domain/dependabot/read-dependabot-file.ts';
import { defaultUpdateSettings } from '../../../src/domain/update/update-settings.ts';
import { policyExample } from './policy-example.ts';

type Tree = { readonly docker?: readonly string[]; readonly compose?: readonly string[] };

function changesOf(text: string | undefined, tree: Tree, settings: DependabotSettings): readonly DependabotChange[] {
  const needs = { docker: tree.docker ?? [], 'docker-compose': tree.compose ?? [] };
  const file = text === undefined ? undefined : readDependabotFile(text).value;
  return judgeDependabot(file, { wanted: needs, present: needs }, settings).flatMap(({ change }) => change ?? []);
}

/** The file after everything that can be mended was, and what is left to people. */
function mend(text: string | undefined, tree: Tree, settings: Partial<DependabotSettings> = {}) {
  const all = { ...defaultUpdateSettings, ...settings };
  return editDependabot(text, changesOf(text, tree, all), all);
}

/** Whether a change may touch an entry: those that add directories choose one of their kind. */
function isAbout(change: DependabotChange, index: number, lines: readonly string[]): boolean {
  if (change.kind === 'set-version') return false;
  return change.kind === 'add-directories' ? lines[0]?.endsWith(change.ecosystem) === true : change.entry === index;
}

const created = policyExample.replace('# .github/dependabot.yml', 'version: 2');

test('a file is made from nothing as policy 5.2.3 has it', () =>
  assert.deepEqual(mend(undefined, { docker: ['/'] }), { text: created, left: [] }));

test('a file of comments alone is made one behind them', () => {
  assert.equal(mend('# Ours.\r\n', { docker: ['/'] }).text, `# Ours.\n${created}`.replaceAll('\n', '\r\n'));
  assert.deepEqual(mend('# Ours.', {}), { text: '# Ours.', left: [] });
});

test("the policy's own example gets the version that GitHub asks for, and stays as it is besides", () => {
  const mended = policyExample.replace('updates:', 'version: 2\nupdates:');
  assert.equal(mend(policyExample, { docker: ['/'] }).text, mended);
});

const npm = `# Ours.
version: 2
updates:

  - package-ecosystem: npm # the front end
    directory: /web
    schedule: { interval: daily }
    # ignore: later

# The end.
`;

test('an entry is added behind the last one, at its column', () => {
  const { text } = mend(npm, { docker: ['/a', '/b'] });
  const [before = '', after = ''] = npm.split('\n\n# The end');
  assert.ok(
    text.startsWith(
      `${before}\n  - package-ecosystem: "docker"\n    directories:\n      - "/a"\n      - "/b"\n    schedule:`,
    ),
  );
  assert.ok(text.endsWith(`      - "security"\n\n# The end${after}`));
});

for (const [what, before, tree, settings, after] of [
  [
    'a schedule in braces becomes that of the policy',
    'version: 2\nupdates:\n- package-ecosystem: docker\n  directory: /\n  schedule: { interval: "daily", time: "06:00" } # early\n',
    { docker: ['/'] },
    { labels: [] },
    'version: 2\nupdates:\n- package-ecosystem: docker\n  directory: /\n  schedule: { interval: "weekly", time: "06:00" } # early\n',
  ],
  [
    'a list of directories takes another, in the quotes of its neighbour',
    "version: 2\nupdates:\n- package-ecosystem: docker\n  directories:\n  - '/a' # first\n  schedule: {interval: weekly}\n  labels: [dependencies, docker, security]\n",
    { docker: ['/a', '/b'] },
    {},
    "version: 2\nupdates:\n- package-ecosystem: docker\n  directories:\n  - '/a' # first\n  - '/b'\n  schedule: {interval: weekly}\n  labels: [dependencies, docker, security]\n",
  ],
  [
    'a list in brackets takes and gives directories',
    'version: 2\nupdates:\n- package-ecosystem: docker\n  directories: [/a, /gone]\n  schedule: {interval: weekly}\n  labels: [dependencies, docker, security]\n',
    { docker: ['/a', '/b'] },
    {},
    'version: 2\nupdates:\n- package-ecosystem: docker\n  directories: [/a, /b]\n  schedule: {interval: weekly}\n  labels: [dependencies, docker, security]\n',
  ],
  [
    'schedule and labels become those of the policy',
    "version: 2\r\nupdates:\r\n  - package-ecosystem: docker\r\n    directory: /\r\n    labels: ['docker']\r\n    schedule:\r\n      interval: 'monthly' # enough\r\n",
    { docker: ['/'] },
    {},
    "version: 2\r\nupdates:\r\n  - package-ecosystem: docker\r\n    directory: /\r\n    labels: ['docker', 'dependencies', 'security']\r\n    schedule:\r\n      interval: 'weekly' # enough\r\n",
  ],
  [
    'a key that GitHub takes no more goes, and an entry without files',
    'version: 2\nupdates:\n  # old\n  - package-ecosystem: docker\n    directory: /gone\n    schedule: {interval: weekly}\n    # deep\n  - reviewers: [a]\n    package-ecosystem: docker\n    directory: /\n    schedule: {interval: weekly}\n    labels: [dependencies, docker, security]\n',
    { docker: ['/'] },
    { labels: [] },
    'version: 2\nupdates:\n  # old\n  - package-ecosystem: docker\n    directory: /\n    schedule: {interval: weekly}\n    labels: [dependencies, docker, security]\n',
  ],
  [
    'an entry is switched off where Basekeeper owns updates',
    'version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n    schedule: {interval: weekly}\n  - package-ecosystem: docker-compose\n    open-pull-requests-limit: 7\n    directory: /\n    schedule: {interval: weekly}',
    { docker: ['/'] },
    { owner: 'basekeeper' },
    'version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n    schedule: {interval: weekly}\n    open-pull-requests-limit: 0 # Basekeeper proposes updates of these images\n  - package-ecosystem: docker-compose\n    open-pull-requests-limit: 0 # Basekeeper proposes updates of these images\n    directory: /\n    schedule: {interval: weekly}',
  ],
  [
    'an entry is switched on where Dependabot owns updates',
    'version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n    open-pull-requests-limit: 0 # Basekeeper proposes updates of these images\n    schedule: {interval: weekly}\n    labels: [dependencies, docker, security]\n',
    { docker: ['/'] },
    { owner: 'dependabot' },
    'version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n    schedule: {interval: weekly}\n    labels: [dependencies, docker, security]\n',
  ],
  [
    'a file without updates gets them',
    'version: 2 # so far\n# end\n',
    { compose: ['/'] },
    { labels: [] },
    'version: 2 # so far\nupdates:\n  - package-ecosystem: "docker-compose"\n    directory: "/"\n    schedule:\n      interval: "weekly"\n# end\n',
  ],
  [
    'updates: [] is filled',
    'version: 2\nupdates: [] # none\n',
    { compose: ['/'] },
    { labels: [] },
    'version: 2\nupdates:\n  - package-ecosystem: "docker-compose"\n    directory: "/"\n    schedule:\n      interval: "weekly" # none\n',
  ],
  [
    'updates: is filled',
    'version: 2\nupdates:\n',
    { compose: ['/'] },
    { labels: [] },
    'version: 2\nupdates:\n  - package-ecosystem: "docker-compose"\n    directory: "/"\n    schedule:\n      interval: "weekly"\n',
  ],
] as const)
  test(what, () => assert.deepEqual(mend(before, tree, settings), { text: after, left: [] }));

for (const [what, text, settings] of [
  [
    'flow style',
    'version: 2\nupdates: [{package-ecosystem: docker, directory: /, schedule: {interval: weekly}}]\n',
    {},
  ],
  [
    'the only entry',
    'version: 2\nupdates:\n- package-ecosystem: docker\n  directory: /gone\n  schedule: {interval: weekly}\n',
    { labels: [] },
  ],
  [
    'an alias',
    'version: 2\nx: &w {interval: daily}\nupdates:\n- package-ecosystem: docker\n  directory: /\n  schedule: *w\n',
    { labels: [] },
  ],
  [
    'an entry that is an alias',
    'version: 2\nx: &e\n  package-ecosystem: docker\n  directory: /\n  schedule: {interval: weekly}\nupdates:\n- *e\n',
    {},
  ],
] as const)
  test(`${what} is left to people`, () => {
    const mended = mend(text, { docker: text.includes('gone') ? [] : ['/'] }, settings);
    assert.equal(mended.text, text);
    assert.ok(mended.left.length > 0);
  });

const directory = fc.constantFrom('/', '/a', '/b', '/c d', '/"', '/#x', '/é');
const eol = fc.constantFrom('\n', '\r\n');
const comment = fc.constantFrom('', ' # said', ' # "quoted" - dash: [');
const other = fc
  .tuple(fc.constantFrom('npm', 'gomod', "'pip'", '"cargo"'), fc.uniqueArray(directory, { maxLength: 1 }), comment)
  .map(([name, [place = '/'], said]) => ({
    lines: [
      `- package-ecosystem: ${name}${said}`,
      `  directory: ${JSON.stringify(place)}`,
      '  schedule: {interval: daily}',
      '  # tail',
    ],
  }));
const images = fc
  .tuple(
    fc.constantFrom('docker', 'docker-compose'),
    fc.uniqueArray(directory, { minLength: 1 }),
    comment,
    fc.boolean(),
    fc.constantFrom('weekly', 'daily'),
  )
  .map(([name, places, said, isFlow, interval]) => ({
    lines: [
      `- package-ecosystem: ${name}`,
      ...(isFlow
        ? [`  directories: [${places.map((place) => JSON.stringify(place)).join(',')}]${said}`]
        : ['  directories:', ...places.map((place) => `  - ${JSON.stringify(place)}${said}`)]),
      '  schedule:',
      `    interval: ${interval}${said}`,
    ],
  }));
const file = fc
  .record({
    entries: fc.array(fc.oneof(other, images), { minLength: 1, maxLength: 4 }),
    eol,
    indent: fc.constantFrom('', '  '),
    head: comment,
    hasEnd: fc.boolean(),
  })
  .map(({ entries, eol: end, indent, head, hasEnd }) => {
    const blocks = entries.map((entry) => ({ ...entry, text: entry.lines.map((line) => indent + line).join(end) }));
    const text =
      ['version: 2', `updates:${head}`, ...blocks.map((block) => block.text)].join(end) + (hasEnd ? end : '');
    return { text, blocks, eol: end };
  });
const owner = fc.constantFrom<DependabotSettings['owner']>(undefined, 'basekeeper', 'dependabot');
const tree = fc.record({ docker: fc.uniqueArray(directory), compose: fc.uniqueArray(directory) });

test('entries that no change is about stay byte for byte, line ends are kept, and a second run changes nothing', () =>
  fc.assert(
    fc.property(file, tree, owner, ({ text, blocks, eol: end }, needs, who) => {
      const settings = who === undefined ? {} : { owner: who };
      const once = mend(text, needs, settings);
      const changes = changesOf(text, needs, { ...defaultUpdateSettings, ...settings });
      const rest = blocks.filter(({ lines }, index) => !changes.some((change) => isAbout(change, index, lines)));
      const head = text.slice(0, text.indexOf(blocks[0]?.text ?? ''));
      assert.ok(once.text.startsWith(head));
      let at = head.length;
      for (const block of rest) {
        const found = once.text.indexOf(block.text, at);
        assert.ok(found >= at, `${block.text} is gone from\n${once.text}`);
        at = found + block.text.length;
      }
      assert.deepEqual(new Set(once.text.match(/\r?\n/g)), new Set([end]));
      assert.equal(mend(once.text, needs, settings).text, once.text);
      const others = (content: string) =>
        parse(content).updates.filter(
          (entry: Record<string, unknown>) => !String(entry['package-ecosystem']).startsWith('docker'),
        );
      assert.deepEqual(others(once.text), others(text));
    }),
    { numRuns: 300 },
  ));

test('of a huge file some changes are left for another run', () => {
  const entry = (at: number) => `- package-ecosystem: npm\n  directory: /${at}\n  schedule: {interval: daily}\n`;
  const huge = `version: 2\nupdates:\n${Array.from({ length: 20_000 }, (_, at) => entry(at)).join('')}`;
  const images = Array.from({ length: 3 }, (_, at) => entry(at).replace('npm', 'docker')).join('');
  const { text, left } = mend(huge + images, { docker: ['/0', '/1', '/2'] });
  assert.ok(left.length > 0 && text.startsWith(huge) && text !== huge + images);
});

test('what was mended says nothing any more, but for what is left', () =>
  fc.assert(
    fc.property(tree, owner, (needs, who) => {
      const settings = who === undefined ? {} : { owner: who };
      const made = mend(undefined, needs, settings);
      if (made.text === '') return;
      assert.deepEqual(mend(made.text, needs, settings), { text: made.text, left: [] });
      const listed = parse(made.text).updates.flatMap(
        (entry: { directory?: string; directories?: string[] }) => entry.directories ?? [entry.directory],
      );
      assert.deepEqual(listed, [...needs.docker, ...needs.compose]);
    }),
  ));
