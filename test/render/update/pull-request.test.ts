import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { CriticalFix } from '../../../src/domain/update/critical-fix.ts';
import type { ImageEvidence } from '../../../src/domain/update/image-evidence.ts';
import { maxMarkerLength } from '../../../src/domain/update/proposal-marker.ts';
import type { UpdatePlan, UpdateStep } from '../../../src/domain/update/update-plan.ts';
import { pullRequestBody } from '../../../src/render/update/pull-request.ts';

const old = `sha256:${'0'.repeat(64)}`;
const fresh = `sha256:${'1'.repeat(64)}`;
const node = { registry: 'docker.io', repository: 'library/node' };

function step(over: Partial<UpdateStep> = {}): UpdateStep {
  return {
    lane: 'minor',
    from: { ...node, tag: '22.11.0-alpine', digest: old },
    to: { ...node, tag: '22.12.0-alpine', digest: fresh },
    reasons: ['the newest of the line 22'],
    uses: [{ path: 'Dockerfile', line: 2, role: 'final', before: 'node:22.11.0-alpine', after: 'node:22.12.0-alpine' }],
    ...over,
  };
}

function body(
  steps: readonly UpdateStep[],
  evidence: ReadonlyMap<string, ImageEvidence> = new Map(),
  criticalFixes: readonly CriticalFix[] = [],
): string {
  const plan: UpdatePlan = { lane: 'minor', image: 'docker.io/library/node', steps, files: [] };
  return pullRequestBody({ plans: [plan], evidence, criticalFixes, snoozeDays: 30 });
}

/** As a forge shows it, which leaves HTML in. */
const rendered = (text: string) =>
  micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

const evidence = new Map<string, ImageEvidence>([
  [
    `docker.io/library/node:22.11.0-alpine@${old}`,
    {
      category: 'restricted',
      osRelease: 'Alpine Linux 3.21',
      digest: old,
      sizes: [{ platform: 'linux/amd64', sizeBytes: 55_000_000 }],
      publishedAt: '2026-09-01T10:00:00Z',
    },
  ],
  [
    `docker.io/library/node:22.12.0-alpine@${fresh}`,
    {
      category: 'restricted',
      osRelease: 'Alpine Linux 3.22',
      digest: fresh,
      sizes: [
        { platform: 'linux/amd64', sizeBytes: 54_100_000 },
        { platform: 'linux/arm64', sizeBytes: 53_000_000 },
      ],
      publishedAt: '2026-11-25T01:00:00Z',
    },
  ],
]);

test('the first line says what and why', () => {
  assert.equal(
    body([step()]).split('\n')[0],
    'Updates `node:22.11.0-alpine@sha256:000000000000` to `22.12.0-alpine@sha256:111111111111` in 1 file: the newest of the line 22.',
  );
});

test('the command that does the same pins where the step does', () => {
  const command = 'basekeeper update --lane minor --image node';
  assert.ok(body([step()]).includes(`${command} --diff`));
  assert.ok(body([step({ from: { ...node, tag: '22.11.0-alpine' } })]).includes(`${command} --pin --diff`));
});

test('a rebuilt tag on another operating system says in its first line that this weighs like a major version', () => {
  const from = { ...node, tag: '22.11.0-alpine', digest: old };
  const images = (osRelease: string) =>
    new Map<string, ImageEvidence>([
      [`docker.io/library/node:22.11.0-alpine@${old}`, { category: 'restricted', osRelease: 'Debian 13', sizes: [] }],
      [`docker.io/library/node:22.11.0-alpine@${fresh}`, { category: 'restricted', osRelease, sizes: [] }],
    ]);
  const rebuilt = step({ lane: 'digest', from, to: { ...from, digest: fresh }, reasons: ['it was rebuilt'] });
  assert.match(
    body([rebuilt], images('Debian 14')).split('\n')[0] ?? '',
    /: it was rebuilt; the operating system underneath changed from Debian 13 to Debian 14, which weighs like a major version\.$/,
  );
  assert.doesNotMatch(body([rebuilt], images('Debian 13')), /weighs like/);
  assert.doesNotMatch(body([step()], evidence), /weighs like/);
});

test('a table sets old beside new, and says what is not known', () => {
  const text = body([step()], evidence);
  for (const row of [
    '| category | restricted | restricted |',
    '| line | not known | not known |',
    '| operating system | Alpine Linux 3.21 | Alpine Linux 3.22 |',
    '| size, linux/amd64 | 55.0 MB | 54.1 MB (−900.0 MB) |'.replace('900.0 MB', '0.9 MB'),
    '| size, linux/arm64 | not known | 53.0 MB |',
    '| published | 2026-09-01 | 2026-11-25 (85 days later) |',
    `| digest | \`${old}\` | \`${fresh}\` |`,
  ])
    assert.ok(text.includes(row), `${row}\n${text}`);
  assert.match(rendered(text), /<table>[\s\S]*<td>Alpine Linux 3\.22<\/td>/);
});

test('it says where, what happens next, how to be left alone, and the command', () => {
  const text = body([step()]);
  assert.match(text, /- `Dockerfile:2` `node:22\.11\.0-alpine` → `node:22\.12\.0-alpine`/);
  assert.match(text, /merges it only where the organisation's policy says so/);
  assert.match(text, /Close it\. This very target is then left alone for 30 days/);
  assert.match(text, /`basekeeper update --lane minor --image node --diff`/);
});

const hostile = [
  '@acme/security',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  'https://evil.example/a',
  'a | b | c',
  '`code` `',
  '--> <!--',
  '\u202egnp.exe',
  '![x](http://e.example/x.png)',
  'www.evil.example',
];

for (const text of hostile) {
  test(`${JSON.stringify(text)} in a name, a path or a reason is text`, () => {
    const use = { path: text, line: 1, role: 'final' as const, before: text, after: text };
    const html = rendered(
      body(
        [step({ from: { ...node, tag: text }, reasons: [text], uses: [use] })],
        new Map([[`docker.io/library/node:${text}`, { osRelease: text, sizes: [] }]]),
      ),
    );
    assert.doesNotMatch(html, /<(img|a|script)\b/);
    assert.doesNotMatch(html.replace(/<code>[^<]*<\/code>/g, ''), /@acme|\u202e/);
    for (const [row] of html.matchAll(/<tr>[\s\S]*?<\/tr>/g)) assert.equal([...row.matchAll(/<t[dh]/g)].length, 3, row);
    assert.doesNotMatch(html, /<!--/);
  });
}

test('whatever the size of an update, the text fits', () => {
  const uses = Array.from({ length: 500 }, (_, at) => ({
    path: `${'x'.repeat(200)}/${at}/Dockerfile`,
    line: 1,
    role: 'final' as const,
    before: 'a'.repeat(300),
    after: 'b'.repeat(300),
  }));
  const text = body(Array.from({ length: 200 }, () => step({ uses })));
  assert.ok(text.length + maxMarkerLength < 65_536, String(text.length));
  assert.match(text, /more place/);
  assert.match(text, /more steps; the commit has them all/);
});

test('a proven fix of CRITICAL findings is told with what was mended where, and who looked', () => {
  const fix: CriticalFix = {
    ...{
      to: `docker.io/library/node:22.12.0-alpine@${fresh}`,
      scanner: 'trivy 0.68.2, database of 2026-11-25T04:00:00Z',
    },
    ...{ severity: 'CRITICAL', isSameLine: true, isOfficialSource: true },
    scans: [
      {
        ...{ platform: 'linux/amd64', fromDigest: `sha256:${'2'.repeat(64)}`, toDigest: `sha256:${'3'.repeat(64)}` },
        mended: [
          { id: 'CVE-2026-1', sourcePackage: 'openssl', installedVersion: '1', fixedVersion: '2' },
          { id: '<b>|x', sourcePackage: '[z](http://evil)', installedVersion: '1' },
        ],
      },
    ],
  };
  const text = body([step()], evidence, [fix]);
  const digests = '`sha256:222222222222` | `sha256:333333333333`';
  assert.ok(text.includes('**Mends CRITICAL findings**'));
  assert.ok(text.includes('trivy 0.68.2, database of 2026-11-25T04:00:00Z'));
  assert.ok(text.includes(`| CVE-2026-1 | openssl | 1 | 2 | linux/amd64 | ${digests} |`), text);
  const shown = rendered(text);
  assert.equal(shown.split('<td>CVE-2026-1</td>').length, 2);
  assert.doesNotMatch(shown, /<b>|href="http:\/\/evil/);
  for (const other of [
    { ...fix, to: `docker.io/library/node:22.12.0-alpine@${old}` },
    { ...fix, to: `docker.io/library/nodes:22.12.0-alpine@${fresh}` },
  ])
    assert.doesNotMatch(body([step()], evidence, [other]), /Mends/);
});
