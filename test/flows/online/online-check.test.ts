import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../../src/catalog/load.ts';
import type { CheckResult, JudgedUse } from '../../../src/flows/check-result.ts';
import { checkExitCode } from '../../../src/flows/exit-code.ts';
import { askNewer } from '../../../src/flows/online/ask-newer.ts';
import { breaches, judge as judgeTree, type Settings } from '../judged.ts';
import { closedHost, inOnlineWorld, type OnlineWorld } from './online-world.ts';

const both = ['linux/amd64', 'linux/arm64/v8'];
const alpine = { repository: 'library/alpine', platforms: both };

async function useOf({ judge }: OnlineWorld, from: string, settings: Settings = {}): Promise<JudgedUse> {
  const result = await judge({ Dockerfile: `${from}\nUSER 65532\nCMD ["/app"]\n` }, settings);
  const use = result.files[0]?.uses[0];
  assert.ok(use !== undefined);
  return use;
}

/** Breaches of the rules that only registries answer. */
function told(use: JudgedUse | undefined): readonly string[] {
  const online = /^(missing-|registry-|newer-|digest-)/;
  return breaches(use).filter((breach) => online.test(breach));
}

function reasonOf(use: JudgedUse, rule: string): string {
  const found = use.rules.find((result) => result.rule === rule);
  return found === undefined ? '' : `${found.reason}; ${found.fix ?? ''}`;
}

function exitCode(result: CheckResult): number {
  return checkExitCode(result, 'fail', 'warn');
}

test('an image that is there passes, with its digest, platforms and size as evidence', () =>
  inOnlineWorld(async (world) => {
    const { digest, children } = world.hub.content.push({ ...alpine, tag: '3.24' });
    const use = await useOf(world, 'FROM alpine:3.24');
    assert.equal(use.verdict, 'pass');
    assert.deepEqual(told(use), []);
    assert.deepEqual(use.evidence?.registry?.image, { kind: 'found', digest });
    assert.deepEqual(use.evidence?.registry?.content, {
      kind: 'read',
      platforms: ['linux/amd64', 'linux/arm64'],
      sizes: [{ platform: 'linux/amd64', sizeBytes: children.get('linux/amd64')?.sizeBytes }],
    });
    assert.match(reasonOf(use, 'no-digest'), new RegExp(`write alpine:3\\.24@${digest}$`));
  }));

test('a tag, a repository and a digest that are not there fail, and the registry is named', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.push({ ...alpine, tag: '3.24' });
    const absent = `sha256:${'0'.repeat(64)}`;
    for (const [from, reason] of [
      ['FROM alpine:3.99', /^docker\.io has no library\/alpine:3\.99, or does not show it to us; /],
      ['FROM nginx:1.31', /^docker\.io has no library\/nginx:1\.31, /],
      [`FROM alpine:3.24@${absent}`, /^docker\.io has no sha256:0{12} in docker\.io\/library\/alpine, /],
      [`FROM alpine@${absent}`, /^docker\.io has no sha256:0{12} in /],
    ] as const) {
      const use = await useOf(world, from);
      assert.equal(use.verdict, 'fail', from);
      assert.match(reasonOf(use, 'missing-image'), reason);
      assert.equal(use.evidence?.registry?.content, undefined);
    }
  }));

test('of a pinned digest that is gone the fix is the digest that its tag stands for', () =>
  inOnlineWorld(async (world) => {
    const { digest } = world.hub.content.push({ ...alpine, tag: '3.24' });
    const use = await useOf(world, `FROM alpine:3.24@sha256:${'0'.repeat(64)}`);
    assert.deepEqual(told(use), ['missing-image fail']);
    assert.match(reasonOf(use, 'missing-image'), new RegExp(`; write alpine:3\\.24@${digest}, which`));
  }));

test('a missing image fails in the build stage too', () =>
  inOnlineWorld(async ({ hub, judge }) => {
    hub.content.push({ ...alpine, tag: '3.24' });
    const { files } = await judge({ Dockerfile: 'FROM alpine:3.23 AS b\nFROM alpine:3.24\nCOPY --from=b /a /a\n' });
    assert.deepEqual(told(files[0]?.uses[0]), ['missing-image fail']);
    assert.deepEqual(told(files[0]?.uses[1]), []);
  }));

for (const [from, platform, wanted] of [
  ['FROM --platform=linux/riscv64 alpine:3.24', undefined, ['missing-platform fail']],
  ['FROM alpine:3.24', 'linux/s390x', ['missing-platform fail']],
  ['FROM --platform=linux/arm64 alpine:3.24', 'linux/s390x', []],
  ['FROM --platform=linux/arm64/v8 alpine:3.24', undefined, []],
  // As in BuildKit: a lower variant and the older architecture of the same machine.
  ['FROM --platform=linux/amd64/v3 alpine:3.24', undefined, []],
  ['FROM --platform=linux/arm/v7 alpine:3.24', undefined, []],
  ['FROM --platform=linux/arm/v5 alpine:3.24', undefined, ['missing-platform fail']],
  ['FROM --platform=windows/amd64 alpine:3.24', undefined, ['missing-platform fail']],
  ['FROM alpine:3.24', undefined, []],
] as const)
  test(`${from} for ${platform ?? 'no platform'}: ${wanted.join() || 'nothing'}`, () =>
    inOnlineWorld(async (world) => {
      world.hub.content.push({ ...alpine, tag: '3.24', platforms: [...both, 'linux/arm/v6'] });
      const use = await useOf(world, from, platform === undefined ? {} : { platform });
      assert.deepEqual(told(use), wanted);
      if (wanted.length > 0) {
        assert.match(
          reasonOf(use, 'missing-platform'),
          /^alpine:3\.24 is not published for .*, only for linux\/amd64, linux\/arm64, linux\/arm\/v6;/,
        );
        // No other tag of the catalog would mend it.
        assert.equal(use.instead, undefined);
      }
    }));

test('an image without an index has the one platform of its config', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.pushImage({ repository: 'library/alpine', tag: '3.24', image: 'linux/arm64' });
    assert.deepEqual(told(await useOf(world, 'FROM --platform=linux/amd64 alpine:3.24')), ['missing-platform fail']);
    assert.deepEqual(told(await useOf(world, 'FROM --platform=linux/arm64 alpine:3.24')), []);
  }));

test('a frontend runs where the build does, whatever is built for', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.push({ repository: 'docker/dockerfile', tag: '1', platforms: ['linux/amd64'] });
    world.hub.content.push({ ...alpine, tag: '3.24' });
    const use = await useOf(world, '# syntax=docker/dockerfile:1\nFROM alpine:3.24', { platform: 'linux/arm64' });
    assert.equal(use.role, 'frontend');
    assert.deepEqual(told(use), []);
  }));

test('a pinned digest that its tag has left behind is told, with the digest to write', () =>
  inOnlineWorld(async (world) => {
    const { content } = world.hub;
    const pinned = content.push({ ...alpine, tag: '3.24', build: 'monday' }).digest;
    assert.deepEqual(told(await useOf(world, `FROM alpine:3.24@${pinned}`)), []);
    const now = content.push({ ...alpine, tag: '3.24', build: 'tuesday' }).digest;
    const use = await useOf(world, `FROM alpine:3.24@${pinned}`);
    assert.deepEqual([use.verdict, told(use)], ['pass', ['digest-left-behind info']]);
    assert.equal(
      reasonOf(use, 'digest-left-behind'),
      `alpine:3.24 has moved on from ${pinned.slice(0, 19)}; write alpine:3.24@${now}`,
    );
  }));

test('an index that moved without the images in use has not left a pin behind', () =>
  inOnlineWorld(async (world) => {
    const { content } = world.hub;
    const first = content.push({ ...alpine, tag: '3.24', attestations: 'monday' });
    content.push({ ...alpine, tag: '3.24', attestations: 'tuesday' });
    assert.notEqual(content.findDigest('library/alpine', '3.24'), first.digest);
    assert.deepEqual(told(await useOf(world, `FROM alpine:3.24@${first.digest}`)), []);
    // Nor has a pin of one platform's own image that the tag still holds.
    const child = first.children.get('linux/arm64/v8')?.digest;
    assert.deepEqual(told(await useOf(world, `FROM alpine:3.24@${child}`)), []);
  }));

test('of a platform in use alone is compared', () =>
  inOnlineWorld(async (world) => {
    const { content } = world.hub;
    const arm = { platform: 'linux/arm64/v8', layers: ['the same'] };
    const amd = (layer: string) => ({ platform: 'linux/amd64', layers: [layer] });
    const pinned = content.push({ ...alpine, tag: '3.24', platforms: [amd('monday'), arm] }).digest;
    content.push({ ...alpine, tag: '3.24', platforms: [amd('tuesday'), arm] });
    const from = (platform: string) => `FROM --platform=${platform} alpine:3.24@${pinned}`;
    assert.deepEqual(told(await useOf(world, from('linux/arm64'))), []);
    assert.deepEqual(told(await useOf(world, from('linux/amd64'))), ['digest-left-behind info']);
  }));

test('what a registry says to have in place of a pinned digest is not believed', () =>
  inOnlineWorld(async (world) => {
    const { content } = world.hub;
    const pinned = content.push({ ...alpine, tag: '3.24' }).digest;
    world.hub.set({ digestHeader: 'wrong' });
    const { evidence } = await useOf(world, `FROM alpine@${pinned}`);
    // Its bytes are right, and the header is not: that it is there is not told by such an answer, nor what is in it.
    assert.equal(evidence?.registry?.image.kind, 'unanswered');
    assert.equal(evidence?.registry?.content, undefined);
  }));

test('a digest whose tag is gone builds on, and is told that nothing follows it', () =>
  inOnlineWorld(async (world) => {
    const { content } = world.hub;
    const pinned = content.push({ ...alpine, tag: '3.24' }).digest;
    content.untag('library/alpine', '3.24');
    const use = await useOf(world, `FROM alpine:3.24@${pinned}`);
    assert.deepEqual([use.verdict, told(use)], ['pass', ['digest-left-behind info']]);
    assert.match(reasonOf(use, 'digest-left-behind'), /does not know alpine:3\.24 any more/);
  }));

test('a newer version of the line is named once it was seen to be there, for the platforms in use', () =>
  inOnlineWorld(async (world) => {
    const { hub } = world;
    hub.content.pushTags(alpine, ['3.24.0', '3.24.1', '3.24.2-rc1']);
    const use = await useOf(world, 'FROM alpine:3.24.0');
    assert.deepEqual(told(use), ['newer-version info']);
    assert.match(reasonOf(use, 'newer-version'), /^3\.24\.1 is out: .*; use alpine:3\.24\.1$/);

    // One that lacks the platform is not offered, and the next best is.
    hub.content.pushTags({ repository: 'library/alpine', platforms: ['linux/amd64'] }, ['3.24.3']);
    const onArm = await useOf(world, 'FROM --platform=linux/arm64 alpine:3.24.0');
    assert.match(reasonOf(onArm, 'newer-version'), /^3\.24\.1 is out/);
    assert.match(reasonOf(await useOf(world, 'FROM alpine:3.24.0'), 'newer-version'), /^3\.24\.3 is out/);
  }));

test('a listed tag that the registry does not have is not recommended', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.pushTags(alpine, ['3.24.0', '3.24.1']);
    const tags = ['3.24.0', '3.24.1', '3.24.2'].map((tag) => ({ tag }));
    const newer = await askNewer(
      world.connect(),
      { kind: 'answered', value: { tags, extent: 'truncated' } },
      {
        reference: { registry: 'docker.io', repository: 'library/alpine', tag: '3.24.0' },
        tagDigest: undefined,
        platforms: both,
        catalog: loadCatalog(),
        today: '2026-11-23',
      },
    );
    assert.equal(newer.kind, 'listed');
    assert.deepEqual(newer.kind === 'listed' ? [newer.recommended, newer.isTruncated] : [], ['3.24.1', true]);
  }));

test('of latest no list is asked for', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.pushTags(alpine, ['latest', '3.24']);
    await useOf(world, 'FROM alpine');
    assert.deepEqual(world.hub.log.all('list'), []);
  }));

for (const [badge, words] of [
  ['verified_publisher', /; Acme Inc\. is a verified publisher on Docker Hub \(looked up on 2026-11-23\)$/],
  ['open_source', /; Acme Inc\. is a sponsored open source publisher on Docker Hub/],
] as const)
  test(`a namespace with the badge ${badge} is official, with the evidence`, () =>
    inOnlineWorld(async (world) => {
      world.hub.content.push({ repository: 'acme/tool', tag: '1.2.3', platforms: both });
      world.hub.content.publishers.set('acme', { badge, name: 'Acme Inc.' });
      const use = await useOf(world, 'FROM acme/tool:1.2.3');
      assert.equal(use.category, 'restricted');
      assert.match(use.evidence?.matched?.why ?? '', words);
      assert.equal(use.evidence?.registry?.publisher?.kind, 'looked-up');
      assert.ok(!breaches(use).includes('prohibited fail'));
    }));

test('a namespace without a badge stays prohibited, and the day of the look-up is told', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.push({ repository: 'someone/tool', tag: '1', platforms: both });
    const use = await useOf(world, 'FROM someone/tool:1');
    assert.deepEqual([use.category, use.verdict], ['prohibited', 'fail']);
    assert.match(
      reasonOf(use, 'prohibited'),
      /^docker\.io\/someone is no verified publisher on Docker Hub \(looked up on 2026-11-23\);/,
    );
  }));

test('a look-up that fails leaves the image prohibited and unverified', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.push({ repository: 'acme/tool', tag: '1', platforms: both });
    world.hub.content.publishers.set('acme', { badge: 'verified_publisher', name: 'Acme Inc.' });
    world.hub.fail({ fault: { kind: 'status', status: 503 }, on: ['publisher'] });
    const result = await world.judge({ Dockerfile: 'FROM acme/tool:1\nUSER 1\n' });
    const use = result.files[0]?.uses[0];
    assert.deepEqual([use?.category, use?.verdict], ['prohibited', 'fail']);
    assert.deepEqual(told(use), ['registry-unanswered unknown']);
    assert.match(use === undefined ? '' : reasonOf(use, 'registry-unanswered'), /^could not verify its publisher: /);
    assert.equal(exitCode(result), 3);
  }));

test('badges are not looked up where the policy does not count them', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.push({ repository: 'acme/tool', tag: '1', platforms: both });
    world.hub.content.publishers.set('acme', { badge: 'verified_publisher', name: 'Acme Inc.' });
    const use = await useOf(world, 'FROM acme/tool:1', { policy: 'version: 1\nsources: { publishers: none }\n' });
    assert.equal(use.category, 'prohibited');
    assert.deepEqual(world.hub.log.all('publisher'), []);
  }));

test('what a pattern prohibits by name is not lifted by a badge', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.push({ repository: 'acme/tool', tag: '1', platforms: both });
    world.hub.content.publishers.set('acme', { badge: 'verified_publisher', name: 'Acme Inc.' });
    const policy = 'version: 1\ncategories: { prohibited: { why: not wanted, images: ["docker.io/acme/**", "**"] } }\n';
    const use = await useOf(world, 'FROM acme/tool:1', { policy });
    assert.equal(use.category, 'prohibited');
  }));

for (const [name, fault, message] of [
  ['out of order', { kind: 'status', status: 503 }, /out of order|503/],
  ['cut off', { kind: 'reset' }, /alpine:3\.24/],
  ['throttled', { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 3_600_000 }, /asks to wait until/],
] as const)
  test(`a registry that is ${name} leaves its images unknown, never passed`, () =>
    inOnlineWorld(async ({ hub, judge }) => {
      hub.content.push({ ...alpine, tag: '3.24' });
      hub.fail({ fault, on: ['head', 'manifest', 'list'] });
      const result = await judge({ Dockerfile: 'FROM alpine:3.24\nUSER 1\n' });
      const use = result.files[0]?.uses[0];
      assert.equal(use?.verdict, 'unknown');
      assert.deepEqual(told(use), ['registry-unanswered unknown']);
      assert.match(use === undefined ? '' : reasonOf(use, 'registry-unanswered'), message);
      assert.match(
        result.summary.notChecked.join('\n'),
        /what their registry did not answer: docker\.io\/library\/alpine:3\.24 \(/,
      );
      assert.equal(use?.instead, undefined);
      assert.equal(exitCode(result), 3);
      assert.equal(checkExitCode(result, 'never', 'warn'), 3);
    }));

test('a registry that lets nobody in is unknown, and does not hold up the others', () =>
  inOnlineWorld(async ({ hub, judge }) => {
    hub.content.push({ ...alpine, tag: '3.24' });
    const policy = `version: 1\nsources: { vendors: ["${closedHost}/**"] }\n`;
    const Dockerfile = `FROM ${closedHost}/team/base:1 AS b\nUSER 1\nFROM alpine:3.24\nUSER 1\nCOPY --from=b /a /a\n`;
    const result = await judge({ Dockerfile }, { policy });
    const [closed, open] = result.files[0]?.uses ?? [];
    assert.deepEqual([closed?.verdict, told(closed)], ['unknown', ['registry-unanswered unknown']]);
    assert.deepEqual([open?.verdict, told(open)], ['pass', []]);
  }));

test('a waiver or a level of the policy says that a registry need not answer', () =>
  inOnlineWorld(async ({ hub, judge }) => {
    hub.content.push({ ...alpine, tag: '3.24' });
    hub.fail({ fault: { kind: 'status', status: 503 }, on: ['head', 'manifest', 'list'] });
    const files = { Dockerfile: 'FROM alpine:3.24\nUSER 1\n' };
    const waiver =
      'waivers: [{ id: W-1, image: "docker.io/library/alpine*", rule: registry-unanswered, reason: mirror moves, owner: ops, expires: 2026-12-31 }]';
    for (const policy of ['rules: { registry-unanswered: off }', 'rules: { registry-unanswered: info }', waiver]) {
      const result = await judge(files, { policy: `version: 1\n${policy}\n` });
      assert.equal(exitCode(result), 0, policy);
      assert.match(result.summary.notChecked.join('\n'), /what their registry did not answer/);
    }
  }));

test('without pulls to spend sizes stay unread, and only a platform that is named stays unknown', () =>
  inOnlineWorld(async (world) => {
    world.hub.content.push({ ...alpine, tag: '3.24' });
    world.hub.set({ pullLimit: { limit: 0, windowSeconds: 21_600 } });
    const result = await world.judge({ Dockerfile: 'FROM alpine:3.24\nUSER 1\n' });
    assert.equal(result.files[0]?.uses[0]?.verdict, 'pass');
    assert.match(result.summary.notChecked.join('\n'), /size and platforms: docker\.io\/library\/alpine:3\.24 \(/);
    assert.equal(exitCode(result), 0);
    const use = await useOf(world, 'FROM --platform=linux/arm64 alpine:3.24');
    assert.equal(use.verdict, 'unknown');
    assert.match(reasonOf(use, 'registry-unanswered'), /^could not verify that it is published for linux\/arm64: /);
  }));

test('a list that cannot be had for now is unknown; one that is never given is told in the summary', () =>
  inOnlineWorld(async ({ hub, judge }) => {
    hub.content.pushTags(alpine, ['3.24.0', '3.24.1']);
    const files = { Dockerfile: 'FROM alpine:3.24.0\nUSER 1\n' };
    hub.fail({ fault: { kind: 'status', status: 503 }, on: ['list'] });
    const throttled = await judge(files);
    assert.deepEqual(told(throttled.files[0]?.uses[0]), ['registry-unanswered unknown']);
    hub.heal();
    hub.fail({ fault: { kind: 'status', status: 403 }, on: ['list'] });
    const closed = await judge(files);
    assert.deepEqual(told(closed.files[0]?.uses[0]), []);
    assert.match(
      closed.summary.notChecked.join('\n'),
      /hands out no list of tags: docker\.io\/library\/alpine:3\.24\.0 \(/,
    );
  }));

test('each distinct reference is asked once, whatever file, mirror or tree names it', () =>
  inOnlineWorld(async ({ hub, connect, judge }) => {
    hub.content.pushTags(alpine, ['3.24.0', '3.24.1']);
    const registry = connect();
    const once = await askedBy(async () => {
      await judge({
        'a/Dockerfile': 'FROM alpine:3.24.1\nUSER 1\n',
        'b/Dockerfile': 'FROM mirror.gcr.io/library/alpine:3.24.1\nUSER 1\n',
        'c/Dockerfile': 'FROM docker.io/library/alpine:3.24.1\nUSER 1\n',
        'compose.yaml': 'services: { a: { build: ./a } }\n',
      });
    });
    assert.deepEqual(once, { head: 1, list: 1, manifest: 2, config: 1 });
    const again = await askedBy(async () => {
      for (const path of ['one/Dockerfile', 'other/Dockerfile'])
        await judgeTree({ [path]: 'FROM alpine:3.24.1\nUSER 1\n' }, { registry });
    });
    assert.deepEqual(again, { head: 1, list: 1, manifest: 2, config: 1 });

    async function askedBy(run: () => Promise<void>): Promise<object> {
      hub.log.clear();
      await run();
      const { ping: _, token: __, ...counts } = hub.log.counts();
      return counts;
    }
  }));

test('what is built here, only run, unresolved or unchanged is not asked for', () =>
  inOnlineWorld(async ({ hub, judge }) => {
    await judge(
      {
        'compose.yaml': 'services:\n  base: { build: ./base, image: "acme/base:1" }\n  db: { image: "postgres:18" }\n',
        'base/Dockerfile': 'FROM scratch\nCOPY a /a\n',
        'app/Dockerfile': 'FROM acme/base:1\nUSER 1\n',
        'unresolved/Dockerfile': 'ARG T\nFROM alpine:$T\nUSER 1\n',
        'unchanged/Dockerfile': 'FROM alpine:3.24\nUSER 1\n',
      },
      { only: ['compose.yaml', 'base/Dockerfile', 'app/Dockerfile', 'unresolved/Dockerfile'] },
    );
    assert.deepEqual(hub.log.lines(), []);
  }));
