import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseListed, type ListedRepository } from '../../../src/domain/fleet/choose-listed.ts';
import type { FleetListing, FleetRepository } from '../../../src/domain/fleet/fleet.ts';
import { parseRepositoryUrl } from '../../../src/domain/fleet/repository-url.ts';

const listing: FleetListing = {
  forge: 'github',
  host: 'github.com',
  owner: 'acme',
  exclude: [],
  archived: false,
  forks: false,
};

function listed(path: string, rest: Partial<ListedRepository> = {}): ListedRepository {
  return {
    path,
    defaultBranch: 'main',
    isArchived: false,
    isFork: false,
    cloneUrl: `https://github.com/${path}.git`,
    ...rest,
  };
}

function entry(url: string): FleetRepository {
  const reading = parseRepositoryUrl(url);
  assert.equal(reading.kind, 'url');
  if (reading.kind !== 'url') throw new Error(url);
  return { name: url, source: reading };
}

const nothing = { byName: 0, archived: 0, forks: 0, inFile: 0 };
const several = ['acme/web-shop', 'acme/web-old', 'acme/api'].map((path) => listed(path));

for (const [fact, settings, repositories, taken, leftOut] of [
  ['everything, by path', {}, several, ['acme/api', 'acme/web-old', 'acme/web-shop'], nothing],
  ['what a glob names', { include: ['web-*'] }, several, ['acme/web-old', 'acme/web-shop'], { ...nothing, byName: 1 }],
  ['not what is excluded', { exclude: ['*-old', 'api'] }, several, ['acme/web-shop'], { ...nothing, byName: 2 }],
  ['names in whatever case', { include: ['WEB-*'], owner: 'ACME' }, several.slice(0, 1), ['acme/web-shop'], nothing],
  ['a star stays in its folder', { include: ['*'] }, [listed('acme/sub/a')], [], { ...nothing, byName: 1 }],
  ['two stars do not', { include: ['sub/**'] }, [listed('acme/sub/a/b')], ['acme/sub/a/b'], nothing],
  ['no archived ones', {}, [listed('acme/a', { isArchived: true })], [], { ...nothing, archived: 1 }],
  ['archived ones when asked for', { archived: true }, [listed('acme/a', { isArchived: true })], ['acme/a'], nothing],
  ['no forks', {}, [listed('acme/a', { isFork: true })], [], { ...nothing, forks: 1 }],
  ['forks when asked for', { forks: true }, [listed('acme/a', { isFork: true })], ['acme/a'], nothing],
  ['one that two pages show once', {}, [listed('acme/a'), listed('acme/a')], ['acme/a'], nothing],
] as const) {
  test(`takes ${fact}`, () => {
    const choice = chooseListed({ ...listing, ...settings }, repositories, []);
    assert.deepEqual(
      choice.taken.map(({ name }) => name),
      taken.map((path) => `https://github.com/${path}.git`),
    );
    assert.deepEqual([choice.leftOut, choice.refused], [leftOut, []]);
  });
}

for (const url of ['https://github.com/acme/shop', 'git@github.com:Acme/Shop.git']) {
  test(`${url} in the file stands in place of the listed one, archived or not`, () => {
    const choice = chooseListed(listing, [listed('acme/shop', { isArchived: true })], [entry(url)]);
    assert.deepEqual([choice.taken, choice.leftOut], [[], { ...nothing, inFile: 1 }]);
  });
}

test('the branch is the default one, where its name is one', () => {
  const names = ['trunk', '-x', ''];
  const { taken } = chooseListed(
    listing,
    names.map((defaultBranch, at) => listed(`acme/${at}`, { defaultBranch })),
    [],
  );
  assert.deepEqual(
    taken.map(({ source }) => (source.kind === 'url' ? source.branch : source.path)),
    ['trunk', undefined, undefined],
  );
});

for (const [cloneUrl, reason] of [
  ['https://evil.example/acme/a.git', /^lies on evil\.example, and not on github\.com$/],
  ['https://github.com.evil.example/acme/a.git', /^lies on github\.com\.evil\.example/],
  ['https://jane:secret@github.com/acme/a.git', /^holds a credential/],
  ['http://github.com/acme/a.git', /^is read over http:/],
  ['file:///etc', /^is a folder of this machine/],
  ['ext::sh -c id', /^names the git helper ext/],
  ['--upload-pack=id', /^begins with a dash/],
  ['https://github.com/acme/a\u001b[2J.git', /^holds characters/],
] as const) {
  test(`a forge that sends us to ${JSON.stringify(cloneUrl)} is not followed`, () => {
    const { taken, refused, leftOut } = chooseListed(listing, [listed('acme/a', { cloneUrl })], []);
    assert.deepEqual([taken, leftOut], [[], nothing]);
    assert.deepEqual(
      refused.map(({ path }) => path),
      ['acme/a'],
    );
    assert.match(refused[0]?.reason ?? '', reason);
  });
}

test('an address that two names share is that of the first', () => {
  const cloneUrl = 'https://github.com/acme/a.git';
  const { taken, refused } = chooseListed(listing, [listed('acme/a'), listed('acme/b', { cloneUrl })], []);
  assert.equal(taken.length, 1);
  assert.deepEqual(refused, [{ path: 'acme/b', reason: 'is that of another repository' }]);
});

test('a forge of one host has another port for git', () => {
  const own = { ...listing, host: 'git.corp.example:8443' };
  const cloneUrl = 'ssh://git@git.corp.example:2222/acme/a.git';
  assert.equal(chooseListed(own, [listed('acme/a', { cloneUrl })], []).taken.length, 1);
});

test('twenty thousand are chosen from, and none is lost', () => {
  const many = Array.from({ length: 20_000 }, (_, at) =>
    listed(`acme/${'a'.repeat(80)}${at}`, { isFork: at % 2 === 0, isArchived: at % 3 === 0 }),
  );
  const { taken, leftOut, refused } = chooseListed({ ...listing, include: ['*a*a*'], exclude: ['*a*a*b'] }, many, []);
  const { byName, archived, forks, inFile } = leftOut;
  assert.equal(taken.length + refused.length + byName + archived + forks + inFile, 20_000);
  assert.equal(taken.length, 6667);
});
