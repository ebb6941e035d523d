import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChangelog, uploadsTo } from '../../../bench/patching/changelog.ts';

const entry = (version: string, distribution: string, day: string, text: string) =>
  `zlib (${version}) ${distribution}; urgency=medium\n\n  * ${text}\n\n -- A Name <a@example.org>  ${day} +0100\n\n`;

const changelog = [
  entry('1.3-1~deb12u1', 'bookworm-security', 'Mon, 02 Feb 2026 10:00:00', 'Rebuild for bookworm.'),
  entry('1.3-1', 'unstable', 'Sun, 01 Feb 2026 10:00:00', 'Fix CVE-2026-0002 and CVE-2026-0001, see CVE-2026-0002.'),
  entry('1.2-1+deb12u1', 'bookworm', 'Thu, 01 Jan 2026 10:00:00', 'CVE-2025-0001'),
  entry('1.2-1', 'unstable', 'Wed, 01 Jan 2020 10:00:00', 'CVE-2019-0001'),
].join('');

test('what came from unstable counts for the upload that brought it, and the beginning of a release for none', () =>
  assert.deepEqual(uploadsTo('bookworm', parseChangelog(changelog)), [
    {
      version: '1.3-1~deb12u1',
      at: '2026-02-02T09:00:00Z',
      suite: 'security',
      cves: ['CVE-2026-0001', 'CVE-2026-0002'],
    },
    { version: '1.2-1+deb12u1', at: '2026-01-01T09:00:00Z', suite: 'point', cves: ['CVE-2025-0001'] },
  ]));

test('what is no entry is passed over', () => assert.deepEqual(parseChangelog('nothing (1) here\n -- nobody\n'), []));
