import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkReleaseImages } from '../../../src/flows/doctor/check-release-images.ts';
import { connect } from '../../contracts/connect-registry.ts';
import { startFakeRegistry } from '../../fakes/registry/fake-registry.ts';

const open = await startFakeRegistry({});
const locked = await startFakeRegistry({ switches: { isLocked: true } });
const host = new URL(open.origin).host;
const lockedHost = new URL(locked.origin).host;
const registry = connect({ host, tokenHost: lockedHost });
after(async () => {
  await registry.close();
  await open.close();
  await locked.close();
});

const platform = 'linux/amd64';
const revision = 'org.opencontainers.image.revision';
const commit = 'c0ffee'.padEnd(40, '0');
const labelled = { platform, config: { labels: { [revision]: commit } } };
open.content.push({ repository: 'acme/shop', tag: '1.0.0', platforms: [{ platform }] });
open.content.push({ repository: 'acme/shop', tag: '1.0.1', platforms: [labelled] });
open.content.push({
  repository: 'acme/annotated',
  tag: '1.0.1',
  platforms: [{ platform }],
  annotations: { [revision]: commit },
});
open.content.push({ repository: 'acme/unlabelled', tag: '2.0.0', platforms: [{ platform }] });
open.content.push({ repository: 'acme/nightly', tag: 'nightly', platforms: [labelled] });

for (const [said, on, repository, state, says] of [
  ['that names its commit is fine', host, 'acme/shop', 'ok', /^a release: 1\.0\.1 is of commit c0ffee000000$/],
  ['whose index names its commit is fine', host, 'acme/annotated', 'ok', /1\.0\.1 is of commit c0ffee000000$/],
  ['without a commit proves nothing', host, 'acme/unlabelled', 'warn', /unlabelled:2\.0\.0 names no commit$/],
  ['without a version is none', host, 'acme/nightly', 'warn', /^no tag of \S+nightly is a semantic version$/],
  ['that is not there is told', host, 'acme/gone', 'warn', /acme\/gone/],
  ['that wants a login is told', lockedHost, 'acme/shop', 'warn', /acme\/shop.*(login|credential|unauthorized|401)/i],
  ['at a private address is told', '127.0.0.1:1', 'acme/shop', 'warn', /private/],
] as const)
  test(`an image ${said}`, async () => {
    const [check, ...others] = await checkReleaseImages(registry, {
      releaseImages: [{ address: { registry: on, repository }, path: 'Dockerfile' }],
    });
    assert.deepEqual([check?.area, check?.name, check?.state, others], ['registry', `${on}/${repository}`, state, []]);
    assert.match(check?.says ?? '', says);
    assert.equal(check?.remedy === null, state === 'ok');
  });
