import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRules } from '../../../src/domain/policy/rules/all-rules.ts';
import { judgeDockerfile } from '../../flows/judged.ts';
import { inOnlineWorld } from '../../flows/online/online-world.ts';
import { withWorld } from '../../flows/scan/scan-world.ts';

/** Every rule at `warn`, so that those switched off elsewhere are seen too. */
const everything = `version: 1\nrules:\n${allRules.map(({ id }) => `  ${id}: warn`).join('\n')}\n`;

async function broken(text: string): Promise<readonly string[]> {
  const uses = await judgeDockerfile(text, { policy: everything });
  return [...new Set(uses.flatMap((use) => use.rules.map(({ rule }) => rule)))].sort();
}

const offlineRules = allRules.filter(({ isOnline, isScan }) => isOnline !== true && isScan !== true);
const scanRules = allRules.filter(({ isScan }) => isScan === true);
const onlineRules = allRules.filter(({ isOnline }) => isOnline === true);

for (const rule of offlineRules) {
  test(`the wrong example of ${rule.id} breaks it`, async () => {
    assert.ok((await broken(rule.wrong)).includes(rule.id), String(await broken(rule.wrong)));
  });
  test(`the right example of ${rule.id} keeps it`, async () => {
    assert.ok(!(await broken(rule.right)).includes(rule.id));
  });
  test(`the right example of ${rule.id} neither fails nor warns by the default policy`, async () => {
    const uses = await judgeDockerfile(rule.right);
    const bad = uses.flatMap((use) => use.rules.filter(({ verdict }) => verdict !== 'info'));
    assert.deepEqual(bad, []);
  });
}

for (const rule of onlineRules) {
  test(`the examples of ${rule.id} break and keep it where registries are asked`, () =>
    inOnlineWorld(async ({ hub, judge }) => {
      const tags = ['3.24', '3.24.0', '3.24.1'];
      hub.content.pushTags({ repository: 'library/alpine', platforms: ['linux/amd64', 'linux/arm64'] }, tags);
      const alpine = hub.content.findDigest('library/alpine', '3.24') ?? '';
      const before = { repository: 'library/alpine', tag: '3.24', platforms: ['linux/amd64'], build: 'before' };
      const old = hub.content.push(before).digest;
      hub.content.tag({ repository: 'library/alpine', tag: '3.24', digest: alpine });
      const found = async (text: string) => {
        // Where the page shows a digest of example, the registry has one that its tag stood for before.
        const result = await judge({ Dockerfile: text.replace(/sha256:[0-9a-f]{64}/, old) });
        return result.files[0]?.uses.flatMap(({ rules }) => rules) ?? [];
      };
      assert.ok((await found(rule.wrong)).some((one) => one.rule === rule.id));
      const kept = await found(rule.right);
      assert.ok(!kept.some((one) => one.rule === rule.id), JSON.stringify(kept));
      assert.deepEqual(
        kept.filter(({ verdict }) => verdict !== 'info'),
        [],
      );
    }));

  test(`${rule.id} is silent where no registry is asked`, async () => {
    assert.ok(!(await broken(rule.wrong)).includes(rule.id));
  });
}

for (const rule of scanRules) {
  test(`the examples of ${rule.id} break and keep it where a scanner is asked`, () =>
    withWorld(async (world) => {
      world.push('alpine:3.24.0', { 'linux/amd64': { packages: { a: '1', b: '1', c: '1' }, system: alpine } });
      world.push('alpine:3.24', { 'linux/amd64': { packages: { a: '2' }, system: alpine } });
      world.scanner.advisories = [
        { id: 'CVE-2026-1', severity: 'critical', package: 'a', fixedVersion: '2' },
        { id: 'CVE-2026-2', severity: 'critical', package: 'b' },
        { id: 'CVE-2026-3', severity: 'high', package: 'c' },
      ];
      const found = async (text: string) =>
        (await world.judge({ Dockerfile: text })).files[0]?.uses.flatMap(({ rules }) => rules) ?? [];
      assert.ok((await found(rule.wrong)).some((one) => one.rule === rule.id));
      assert.deepEqual(
        (await found(rule.right)).filter(({ verdict }) => verdict !== 'info'),
        [],
      );
    }));

  test(`${rule.id} is silent where no scanner is asked`, async () => {
    assert.ok(!(await broken(rule.wrong)).includes(rule.id));
  });
}

const alpine = { family: 'alpine', release: '3.24.0', isEndOfLife: false };

test('rule ids are unique and kebab-case', () => {
  const ids = allRules.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[a-z]+(-[a-z]+)*$/);
});

const final = (image: string) => `FROM ${image}\nUSER 65532\nCMD ["/app"]\n`;

// What ships on 2026-11-23: reference → [category, verdict, rules at warn or above].
for (const [image, category, verdict, rules] of [
  ['scratch', 'preferred', 'pass', []],
  ['alpine:3.24', 'preferred', 'pass', []],
  ['alpine', 'preferred', 'warn', ['floating-tag']],
  ['alpine:latest', 'preferred', 'warn', ['floating-tag']],
  ['alpine:edge', 'preferred', 'warn', ['floating-tag']],
  ['mirror.gcr.io/library/alpine:3.24', 'preferred', 'pass', []],
  ['public.ecr.aws/docker/library/alpine:3.24', 'preferred', 'pass', []],
  ['arm64v8/alpine:3.24', 'preferred', 'pass', []],
  ['gcr.io/distroless/static-debian13:nonroot', 'preferred', 'pass', []],
  ['debian:13-slim', 'permitted', 'pass', []],
  ['debian:trixie-slim', 'permitted', 'pass', []],
  ['debian:12-slim', 'permitted', 'warn', ['long-term-support-only']],
  ['debian:bookworm-slim', 'permitted', 'warn', ['long-term-support-only']],
  ['debian:13', 'restricted', 'warn', ['smaller-variant']],
  ['ubuntu:26.04', 'permitted', 'pass', []],
  ['ubuntu:24.04', 'permitted', 'warn', ['behind-latest']],
  ['ubuntu:25.04', 'restricted', 'fail', ['end-of-life', 'unmaintained-tag']],
  ['node:26-alpine', 'restricted', 'pass', []],
  ['node:26-slim', 'restricted', 'pass', []],
  ['python:3.15-rc-slim', 'restricted', 'warn', ['prerelease']],
  ['debian:forky-slim', 'permitted', 'warn', ['prerelease']],
  ['registry.docker.com/library/alpine:3.24', 'preferred', 'pass', []],
  ['caddy:2', 'restricted', 'pass', []],
  ['node:24-alpine', 'restricted', 'warn', ['behind-latest']],
  ['node:16-alpine', 'restricted', 'fail', ['end-of-life', 'unmaintained-tag']],
  ['python:3.14-slim', 'restricted', 'pass', []],
  ['mcr.microsoft.com/dotnet/aspnet:10.0-alpine', 'restricted', 'pass', []],
  ['nginx:1.31-alpine', 'restricted', undefined, undefined],
  ['someone/thing:1', 'prohibited', 'fail', ['prohibited']],
  ['ghcr.io/someone/thing:1', 'prohibited', 'fail', ['prohibited']],
  ['cgr.dev/chainguard/static:latest', 'prohibited', 'fail', ['floating-tag', 'prohibited']],
  ['library/no-such-official-image:1', 'prohibited', 'fail', ['prohibited']],
] as const) {
  test(`${image} is ${category}${verdict === undefined ? '' : ` and gets ${verdict}`}`, async () => {
    const [use] = await judgeDockerfile(final(image));
    assert.equal(use?.category, category);
    if (verdict === undefined) return;
    const bad = use?.rules
      .filter((result) => result.verdict !== 'info')
      .map(({ rule }) => rule)
      .sort();
    assert.deepEqual([use?.verdict, bad], [verdict, rules], JSON.stringify(use?.rules));
  });
}

test('openjdk is retired, and its successor is named', async () => {
  const [use] = await judgeDockerfile(final('openjdk:17-jdk-slim'));
  assert.equal(use?.category, 'restricted');
  const retired = use?.rules.find(({ rule }) => rule === 'retired-image');
  assert.match(retired?.reason ?? '', /eclipse-temurin/);
  assert.match(use?.instead?.[0]?.text ?? '', /^FROM eclipse-temurin:/);
});
