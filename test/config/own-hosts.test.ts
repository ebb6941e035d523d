import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownHosts } from '../../src/config/own-hosts.ts';

const variables = { github: { isInJob: false } };

for (const [fact, github, gitlab, hosts] of [
  ['nobody has hosts of their own who names none', {}, {}, []],
  ["public ones are nobody's", { serverUrl: 'https://github.com' }, { serverUrl: 'https://gitlab.com' }, []],
  ['both of GitHub', { host: 'a.example', serverUrl: 'https://b.example:8443' }, {}, ['a.example', 'b.example']],
  ['of two of GitLab the one that counts', {}, { host: 'c.example', serverUrl: 'https://d.example' }, ['c.example']],
] as const) {
  test(fact, () => {
    const found = ownHosts({ github: { ...variables.github, ...github }, gitlab });
    assert.deepEqual([...found], hosts);
  });
}
