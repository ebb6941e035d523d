import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DependabotSettings, judgeDependabot } from '../../../src/domain/dependabot/judge-dependabot.ts';
import { readDependabotFile } from '../../../src/domain/dependabot/read-dependabot-file.ts';
import { defaultUpdateSettings } from '../../../src/domain/update/update-settings.ts';
import { policyExample } from './policy-example.ts';

/** `level kind line: reason` of a file over a tree with Dockerfiles in these directories. */
function findings(
  text: string | undefined,
  directories: readonly string[],
  settings: Partial<DependabotSettings> = {},
): readonly string[] {
  const file = text === undefined ? undefined : readDependabotFile(text);
  assert.deepEqual(file?.problems ?? [], []);
  const needs = { docker: directories, 'docker-compose': [] };
  return judgeDependabot(file?.value, { wanted: needs, present: needs }, { ...defaultUpdateSettings, ...settings }).map(
    ({ level, kind, line, reason }) => `${level} ${kind} ${line ?? '-'}: ${reason}`,
  );
}

const entry = (lines: string) =>
  `version: 2\nupdates:\n  - package-ecosystem: docker\n${lines.replace(/^/gm, '    ')}\n`;
const labels = 'labels: [dependencies, docker, security]';
const weekly = 'schedule: { interval: weekly }';
const whole = entry(`directory: /\n${weekly}\n${labels}`);

test("the policy's own example is no fault where the policy does not say who owns updates", () =>
  assert.deepEqual(findings(policyExample, ['/']), [
    'info invalid -: version: 2 is missing at the top: GitHub asks for it',
  ]));

test('an entry as the policy has it says nothing', () => {
  assert.deepEqual(findings(whole, ['/']), []);
  assert.deepEqual(findings(whole, ['/'], { owner: 'dependabot' }), []);
});

for (const [what, text, directories, settings, wanted] of [
  ['no file where images are', undefined, ['/', '/a'], {}, /^info missing -: no docker entry .* in \/, \/a$/],
  ['no file though Dependabot owns', undefined, ['/'], { owner: 'dependabot' }, /^warn missing/],
  ['a folder beside those of the file', whole, ['/', '/new'], {}, /^info missing -: .* in \/new$/],
  ['a folder without files', whole, [], {}, /^info superfluous 4: no file in \/ is for docker/],
  ['a pattern that means nothing', entry(`directories: ["/a*"]\n${weekly}\n${labels}`), [], {}, /^info superfluous 4/],
  [
    'another schedule',
    entry(`directory: /\nschedule:\n  interval: daily\n${labels}`),
    ['/'],
    {},
    /^info settings 6: the policy says weekly/,
  ],
  [
    'labels that are not there',
    entry(`directory: /\n${weekly}\nlabels: [docker]`),
    ['/'],
    {},
    /^info settings 3: .*labels dependencies, security/,
  ],
  ['a second owner', whole, ['/'], { owner: 'basekeeper' }, /^warn two-owners 3: .*open-pull-requests-limit: 0/],
  [
    'an owner that is switched off',
    entry(`directory: /\n${weekly}\n${labels}\nopen-pull-requests-limit: 0`),
    ['/'],
    { owner: 'dependabot' },
    /^warn two-owners 3: .*switched off/,
  ],
  [
    'a key that is none',
    entry(`directory: /\n${weekly}\n${labels}\nlabel: x`),
    ['/'],
    {},
    /^warn invalid 7: "label" is no key/,
  ],
  [
    'reviewers',
    entry(`directory: /\n${weekly}\n${labels}\nreviewers: [a]`),
    ['/'],
    {},
    /^warn invalid 7: "reviewers" is not taken by GitHub any more/,
  ],
  [
    'directory and directories',
    entry(`directory: /\ndirectories: [/b]\n${weekly}\n${labels}`),
    ['/'],
    {},
    /^warn invalid 3: .*both/,
  ],
  [
    'a pattern in directory',
    entry(`directory: /*\n${weekly}\n${labels}`),
    ['/', '/a'],
    {},
    /^warn invalid 4: directory takes no pattern/,
  ],
  ['a key of the file that is none', `${whole}update: []\n`, ['/'], {}, /^warn invalid 7: "update" is no key/],
  ['version 1', whole.replace('2', '1'), ['/'], {}, /^warn invalid 1: version "1"/],
  ['no schedule', entry(`directory: /\n${labels}`), ['/'], {}, /^warn invalid 3: the entry has no schedule/],
  ['an entry that is a word', 'version: 2\nupdates: [docker]', [], {}, /^warn invalid 2: an entry is empty/],
] as const)
  test(`tells of ${what}`, () => {
    const found = findings(text, directories, settings);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', wanted);
  });

test('tells of an entry without a directory, an interval that is none, and the same entry twice', () => {
  assert.match(findings(entry(`${weekly}\n${labels}`), []).join(), /names no directory/);
  assert.match(findings(entry(`directory: /\nschedule: { interval: often }`), ['/']).join(), /"often" is no interval/);
  const twice = `${whole}${whole.split('\n').slice(2).join('\n')}`;
  assert.match(findings(twice, ['/']).join(), /docker has "\/" twice: it stands in line 4, too/);
});

test('directories may be patterns, and an entry that is switched off stands for its own', () => {
  const all = (pattern: string) => entry(`directories: ["${pattern}"]\n${weekly}\n${labels}`);
  assert.deepEqual(findings(all('**/*'), ['/', '/a', '/a/b']), []);
  assert.deepEqual(findings(all('/serv*/**'), ['/services/a/b', '/services']), []);
  assert.match(findings(all('/services/*'), ['/services/a', '/other']).join(), /in \/other$/);
  assert.deepEqual(findings(`${whole.trimEnd()}\n    open-pull-requests-limit: 0\n`, ['/']), []);
});

test('an entry for another branch says nothing of the files here', () => {
  const other = entry(`directory: /old\ntarget-branch: v1\n${weekly}\n${labels}`);
  assert.deepEqual(findings(other, []), []);
  assert.match(findings(other, ['/old']).join(), /^info missing/);
});

test('entries of other ecosystems keep their own settings', () => {
  const npm =
    'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: { interval: daily }\n    reviewers: [a]\n';
  assert.deepEqual(findings(npm, []), []);
});

test('nothing is missing where Basekeeper owns updates', () =>
  assert.deepEqual(findings(undefined, ['/'], { owner: 'basekeeper' }), []));

for (const [text, line, message] of [
  ['version: 2\nupdates: [\n', 3, /the YAML is broken/],
  ['- a', 1, /no mapping/],
  ['updates: x', 1, /no list/],
  ['a: 1\n---\nb: 2', 1, /several YAML documents/],
] as const)
  test(`refuses ${JSON.stringify(text)} with its line`, () => {
    const [problem] = readDependabotFile(text).problems;
    assert.equal(problem?.line, line);
    assert.match(problem?.message ?? '', message);
  });
