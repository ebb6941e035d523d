import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SuppressedFinding } from '../../src/domain/vulnerability/scan.ts';
import type { ImageScan } from '../../src/flows/scan/scan-result.ts';
import { palette } from '../../src/render/palette.ts';
import { scanBlock } from '../../src/render/scans.ts';

const by = { id: 'CVE-2026-1', sourcePackage: 'openssl', status: 'ignored', source: '.trivyignore:1' };

function told(...images: readonly (readonly SuppressedFinding[])[]): readonly string[] {
  const rows = images.map(
    (suppressed, at): ImageScan => ({
      ...{ image: `docker.io/library/debian:${at}`, platform: 'linux/amd64' },
      scan: {
        ...{ kind: 'scanned', digest: `sha256:${at}`, platform: 'linux/amd64', how: 'scanned', scanner: 'trivy' },
        ...{ databaseAt: '2026-11-25T00:00:00Z', isEndOfLife: false, findings: [], suppressed },
      },
    }),
  );
  const contents = { scanned: rows.length, rematched: 0, kept: 0, reported: 0 };
  const text = scanBlock({ images: rows, contents, uncounted: [], notes: [] }, palette(false), 200);
  return text.split('\n').filter((line) => line.includes('taken out'));
}

test('what takes findings out is told once for all images, with its packages, end and reason', () => {
  const vex = { ...by, status: 'not_affected', source: 'vex/a.json:3', statement: 'component_not_present' };
  assert.deepEqual(
    told([{ ...by, until: '2026-12-31', statement: 'not reachable' }, vex], [{ ...by, sourcePackage: 'curl' }]),
    [
      '  taken out: CVE-2026-1 in curl, openssl, ignored by .trivyignore:1 until 2026-12-31: not reachable',
      '  taken out: CVE-2026-1 in openssl, not_affected by vex/a.json:3: component_not_present',
    ],
  );
});

test('where nothing is taken out nothing is told', () => assert.deepEqual(told([]), []));

test('of a long list the beginning is told, and how many more', () => {
  const lines = told(Array.from({ length: 25 }, (_, at) => ({ ...by, source: `.trivyignore:${at}` })));
  assert.equal(lines.length, 21);
  assert.equal(lines.at(-1), '  taken out: 5 more; --json has all');
});
