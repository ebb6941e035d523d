import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { loadFleet } from '../../src/config/fleet-load.ts';

const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
after(() => rm(folder, { recursive: true }));
const path = join(folder, 'fleet.yaml');

async function load(text: string) {
  await writeFile(path, text);
  return loadFleet(path);
}

const whole = `version: 1
repositories:
  - { url: https://github.com/acme/shop, branch: release, owner: jane, team: checkout, policy: policies/shop.yaml }
  - url: git@github.com:acme/billing.git
  - path: ../tools
privateHosts: [git.corp.example]
`;

test('a fleet file is read in its order, with paths from where it lies', async () => {
  const loaded = await load(whole);
  assert.equal(loaded.kind, 'fleet');
  if (loaded.kind !== 'fleet') return;
  assert.deepEqual([...loaded.fleet.privateHosts], ['git.corp.example']);
  assert.deepEqual(
    loaded.fleet.repositories.map(({ source, ...rest }) => ({
      ...rest,
      source: source.kind === 'url' ? [source.url.host, source.branch] : source.path,
    })),
    [
      {
        name: 'https://github.com/acme/shop#release',
        source: ['github.com', 'release'],
        owner: 'jane',
        team: 'checkout',
        policy: join(folder, 'policies/shop.yaml'),
      },
      { name: 'git@github.com:acme/billing.git', source: ['github.com', undefined] },
      { name: '../tools', source: join(folder, '../tools') },
    ],
  );
});

test('what forges are to list is read, with what holds where nothing is said', async () => {
  const loaded = await load(
    'version: 1\ngithub: { org: acme, exclude: [x], archived: true }\ngitlab: { group: acme/web, host: "git.corp.example:8443", include: ["api-*"], forks: true }\n',
  );
  assert.equal(loaded.kind, 'fleet');
  if (loaded.kind !== 'fleet') return;
  assert.deepEqual(loaded.fleet.listings, [
    { forge: 'github', host: 'github.com', owner: 'acme', exclude: ['x'], archived: true, forks: false },
    {
      forge: 'gitlab',
      host: 'git.corp.example:8443',
      owner: 'acme/web',
      include: ['api-*'],
      exclude: [],
      archived: false,
      forks: true,
    },
  ]);
});

test('two branches of one repository are two entries', async () => {
  const loaded = await load(
    'version: 1\nrepositories:\n  - { url: https://h.example/a }\n  - { url: https://h.example/a, branch: b }\n',
  );
  assert.equal(loaded.kind, 'fleet');
  if (loaded.kind !== 'fleet') return;
  // Reports tell them apart.
  assert.deepEqual(
    loaded.fleet.repositories.map(({ name }) => name),
    ['https://h.example/a', 'https://h.example/a#b'],
  );
});

const entries = (...lines: readonly string[]) =>
  `version: 1\nrepositories:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`;

for (const [fact, text, problems] of [
  [
    'an unknown key names the nearest one',
    'version: 1\nrepos: []\n',
    ['2: repos is not known; did you mean repositories?'],
  ],
  [
    'an unknown key of a repository names the nearest one',
    entries('url: https://h.example/a', 'url: https://h.example/b, brunch: x'),
    ['4: repositories.1.brunch is not known; did you mean branch?'],
  ],
  ['a wrong version is told', 'version: 2\nrepositories: [{ path: a }]\n', ['1: version must be 1']],
  ['a file that is no mapping is told', '[]\n', ['1: the fleet file must be a mapping']],
  ['a fleet of nothing is told', 'version: 1\n', ['1: repositories is missing: list them, or name github: or gitlab:']],
  ['an empty list is told', 'version: 1\nrepositories: []\n', ['2: repositories is empty: name a repository']],
  ['neither url nor path', entries('owner: jane'), ['3: repositories.0 has neither url nor path']],
  [
    'both url and path',
    entries('url: https://h.example/a, path: a'),
    ['3: repositories.0.path stands beside a url: keep one'],
  ],
  [
    'a branch of a folder',
    entries('path: a, branch: main'),
    ['3: repositories.0.branch goes with a url: a folder is read as it lies'],
  ],
  [
    'an address as path',
    entries('path: https://h.example/a'),
    ['3: repositories.0.path is an address: write it as url'],
  ],
  [
    'a branch that is none',
    entries('url: https://h.example/a, branch: "a b"'),
    ['3: repositories.0.branch is no name of a branch'],
  ],
  ['a number as branch', entries('url: https://h.example/a, branch: 1.10'), ['3: repositories.0.branch must be text']],
  [
    'a password',
    entries('url: https://jane:secret@h.example/a'),
    ["3: repositories.0.url holds a credential: put the credential into git's credential helper"],
  ],
  [
    'plain http',
    entries('url: http://h.example/a'),
    ['3: repositories.0.url is read over http:, which neither hides nor proves anything: write https://'],
  ],
  [
    'a private host that is an address',
    `${entries('path: a')}privateHosts: [https://h.example]\n`,
    ['4: privateHosts.0 is no host: write git.example.com, in lower case'],
  ],
  [
    'every problem is told at once',
    entries('url: ext::x', 'path: a', 'url: "-x"'),
    [
      '3: repositories.0.url names the git helper ext, which could do anything',
      '5: repositories.2.url begins with a dash: git would take it for an option',
    ],
  ],
  [
    'one repository twice, in two spellings',
    entries('url: https://h.example/a', 'path: x', 'url: git@H.example:a.git'),
    ['5: repositories.2 is the same repository as in line 3'],
  ],
  [
    'one folder twice',
    entries('path: a', 'path: ./b/../a/'),
    ['4: repositories.1 is the same repository as in line 3'],
  ],
  [
    'an organisation that is none',
    'version: 1\ngithub: { org: acme/shop }\n',
    ['2: github.org is no name of an organisation: write acme'],
  ],
  [
    'a group that is none',
    `${entries('path: a')}gitlab: { group: /acme }\n`,
    ['4: gitlab.group is no path of a group: write acme/web'],
  ],
  [
    'a forge by its address',
    'version: 1\ngithub: { org: acme, host: "https://h.example" }\n',
    ['2: github.host is no host: write git.example.com, in lower case'],
  ],
  [
    'a host that programs read in two ways',
    'version: 1\ngitlab: { group: acme, host: "127.1" }\n',
    ['2: gitlab.host names no host that git and Basekeeper would read alike'],
  ],
  [
    'a glob that could backtrack',
    'version: 1\ngithub: { org: acme, include: ["a*b*", "*a*a*a*"] }\n',
    ['2: github.include.1 is no glob of a name: write web-*, with three stars at most'],
  ],
  [
    'a key of github that is none',
    'version: 1\ngithub: { org: a, fork: true }\n',
    ['2: github.fork is not known; did you mean forks?'],
  ],
] as const) {
  test(`${fact}: told with its line`, async () => {
    const loaded = await load(text);
    assert.equal(loaded.kind, 'problems');
    if (loaded.kind === 'problems')
      assert.deepEqual(
        loaded.problems.map(({ line, message }) => `${line}: ${message}`),
        problems,
      );
  });
}

test('ten thousand repositories are read, and one that stands there twice is found among them', async () => {
  const urls = Array.from({ length: 10_000 }, (_, at) => `url: https://h.example/group-${at % 70}/app-${at}`);
  const loaded = await load(entries(...urls));
  assert.equal(loaded.kind, 'fleet');
  if (loaded.kind === 'fleet') assert.equal(loaded.fleet.repositories.length, 10_000);
  const twice = await load(entries(...urls, 'url: https://h.example/group-0/app-0.git'));
  assert.equal(twice.kind, 'problems');
  if (twice.kind === 'problems')
    assert.deepEqual(
      twice.problems.map(({ line, message }) => `${line}: ${message}`),
      ['10003: repositories.10000 is the same repository as in line 3'],
    );
});

test('a file that is not there is told', async () => {
  const loaded = await loadFleet(join(folder, 'gone.yaml'));
  assert.deepEqual(loaded, {
    kind: 'problems',
    problems: [{ file: join(folder, 'gone.yaml'), line: 0, message: 'does not exist' }],
  });
});

test('the published schema accepts what is read, and refuses unknown keys', async () => {
  const schema = JSON.parse(await readFile(join(import.meta.dirname, '../../docs/fleet.schema.json'), 'utf8'));
  const accepts = new Ajv2020({ strict: false }).compile(schema);
  assert.ok(accepts(parse(whole)), JSON.stringify(accepts.errors));
  assert.ok(accepts({ version: 1, gitlab: { group: 'acme' } }));
  assert.ok(!accepts({ version: 1, repositories: [{ url: 'https://h.example/a', brunch: 'x' }] }));
});
