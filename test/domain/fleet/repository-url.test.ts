import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRepositoryUrl } from '../../../src/domain/fleet/repository-url.ts';

for (const [text, protocol, host, identity] of [
  ['https://github.com/acme/shop', 'https', 'github.com', 'github.com/acme/shop'],
  ['https://GitHub.com/acme/shop.git', 'https', 'github.com', 'github.com/acme/shop'],
  ['https://github.com/acme/shop/', 'https', 'github.com', 'github.com/acme/shop'],
  ['HTTPS://git.example.com:8443/a', 'https', 'git.example.com', 'git.example.com:8443/a'],
  ['https://acme@dev.azure.com/acme/p/_git/r', 'https', 'dev.azure.com', 'dev.azure.com/acme/p/_git/r'],
  ['https://[2001:db8::1]:8443/a/b', 'https', '2001:db8::1', '2001:db8::1:8443/a/b'],
  ['ssh://git@github.com/acme/shop.git', 'ssh', 'github.com', 'github.com/acme/shop'],
  ['ssh://git@git.example.com:2222/~jane/shop', 'ssh', 'git.example.com', 'git.example.com:2222/~jane/shop'],
  ['git@github.com:acme/shop.git', 'ssh', 'github.com', 'github.com/acme/shop'],
  ['deploy_bot@git.example.com:/srv/shop', 'ssh', 'git.example.com', 'git.example.com/srv/shop'],
] as const) {
  test(`${text} is read`, () => {
    const reading = parseRepositoryUrl(text);
    assert.equal(reading.kind, 'url');
    if (reading.kind !== 'url') return;
    const { url } = reading;
    assert.deepEqual([url.text, url.protocol, url.host, url.identity], [text, protocol, host, identity]);
  });
}

for (const [text, reason] of [
  ['http://github.com/acme/shop', /write https/],
  ['git://github.com/acme/shop', /write https/],
  ['file:///srv/shop', /write it as path/],
  ['ftp://example.com/shop', /protocol that is not read/],
  ['ext::sh -c whoami', /git helper ext/],
  ['ext::sh%20-c', /git helper ext/],
  ['fd::17/shop', /git helper fd/],
  ['https::https://github.com/a/b', /git helper https/],
  ['--upload-pack=touch', /begins with a dash/],
  ['-oProxyCommand=x@h:a', /begins with a dash/],
  ['git@-oProxyCommand=x:a', /no address/],
  ['ssh://-oProxyCommand=x/a', /names no host/],
  ['ssh://-x@example.com/a', /no user name/],
  ['git@example.com:-x', /no address/],
  ['https://jane:secret@example.com/a', /credential helper/],
  ['https://ghp_0123456789abcdefghij@github.com/a/b', /credential helper/],
  ['https://0123456789abcdef0123@github.com/a/b', /credential helper/],
  ['jane:secret@example.com:a', /no address|credential/],
  ['https://example.com/a#main', /branch is named by branch/],
  ['https://example.com/a?token=x', /query/],
  ['https://good.example\\@evil.example/a', /characters/],
  ['https://example.com/a b', /characters/],
  ['https://example.com/a\nb', /characters/],
  ['https://ex%61mple.com/a', /names no host/],
  ['https://0x7f.1/a', /names no host/],
  ['https://127.1/a', /names no host/],
  ['https://2130706433/a', /names no host/],
  ['https:///a', /names no host/],
  ['https://example.com:0/a', /names no host/],
  ['https://example.com:99999/a', /names no host/],
  ['https://example.com', /no repository on it/],
  ['https://example.com/', /no repository on it/],
  ['https://example.com/.git', /no repository on it/],
  ['../shop', /no address/],
  ['github.com/acme/shop', /no address/],
  ['C:\\shop', /characters/],
  [`https://example.com/${'a'.repeat(3000)}`, /characters/],
  ['', /characters|no address/],
] as const) {
  test(`${JSON.stringify(text.slice(0, 60))} is refused`, () => {
    const reading = parseRepositoryUrl(text);
    assert.equal(reading.kind, 'refused');
    if (reading.kind === 'refused') {
      assert.match(reading.reason, reason);
      assert.doesNotMatch(reading.reason, /secret|ghp_|0123/);
    }
  });
}

test('http is read only where it is asked for', () => {
  assert.equal(parseRepositoryUrl('http://127.0.0.1:80/a', ['http']).kind, 'url');
  assert.equal(parseRepositoryUrl('https://example.com/a', ['http']).kind, 'refused');
  assert.equal(parseRepositoryUrl('git@example.com:a', ['https']).kind, 'refused');
});
