import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EpisodeNotice, Notice } from '../../../src/domain/notice/notice.ts';
import { writeMessage } from '../../../src/render/notices/write-message.ts';
import { at, dayMs, episodeOf } from '../../domain/deadline/lived.ts';

const { subject } = episodeOf();
const now = at('10d');

function notice(what: EpisodeNotice['what'], change: Partial<EpisodeNotice['subject']> = {}): EpisodeNotice {
  return { key: '', what, subject: { ...subject, ...change }, severity: 'high', dueAt: at('11d') };
}

function lines(...notices: readonly Notice[]): readonly string[] {
  return writeMessage('web', notices, now).sections.flatMap((section) => section.lines);
}

const place = 'debian in https://git.example/acme/shop Dockerfile';
const found = '1 HIGH: CVE-2026-0001 openssl';

for (const [what, title, line] of [
  [{ kind: 'late', lateMs: 2 * dayMs }, '1 late', `${place}: ${found} – late by 2 d`],
  [{ kind: 'time-used', percent: 90 }, '1 at 90 %', `${place}: ${found} – due 2026-03-12 00:00 UTC, in 1 d`],
  [
    { kind: 'wait-over' },
    '1 without a patched base',
    `${place}: ${found} – due 2026-03-12 00:00 UTC, in 1 d; upgrade the package in the Dockerfile, or take another line`,
  ],
  [
    { kind: 'base-found', at: now },
    '1 with a patched base',
    `${place}: ${found} – due 2026-03-12 00:00 UTC, in 1 d; basekeeper update writes it`,
  ],
  [
    { kind: 'waiver-ending', until: at('12d') },
    '1 whose waiver ends',
    `${place}: ${found} – until 2026-03-13 00:00 UTC, in 2 d`,
  ],
] as const)
  test(`${what.kind} is said in one line`, () => {
    assert.equal(writeMessage('web', [notice(what)], now).title, `Basekeeper, web: ${title}`);
    assert.deepEqual(lines(notice(what)), [line]);
  });

test('findings of one use are one line, of another one more', () => {
  const late = { kind: 'late', lateMs: 0 } as const;
  const told = lines(
    notice(late),
    notice(late, { id: 'CVE-2' }),
    notice(late, { path: 'web/Dockerfile', stage: 'run' }),
  );
  assert.deepEqual(told, [
    `${place}: 2 HIGH: CVE-2026-0001 openssl and 1 more – late by 0 min`,
    'debian in https://git.example/acme/shop web/Dockerfile (run): 1 HIGH: CVE-2026-0001 openssl – late by 0 min',
  ]);
});

test('monitoring that stands still is told first, with what to run', () => {
  const overdue: Notice = { key: '', what: { kind: 'cycle-overdue', command: 'monitor --scan', lastAt: at('7d') } };
  const message = writeMessage('others', [notice({ kind: 'late', lateMs: 0 }), overdue], now);
  assert.equal(message.title, 'Basekeeper, others: monitoring does not work, 1 late');
  assert.match(
    message.sections[0]?.lines[0] ?? '',
    /^basekeeper monitor --scan over this fleet: the last one was finished 2026-03-08 00:00 UTC, 3 d ago/,
  );
});

test('a long message says how much was left out, and is as long as it may be', () => {
  const many = Array.from({ length: 100 }, (_, index) =>
    notice({ kind: 'late', lateMs: 0 }, { path: `${index}/Dockerfile` }),
  );
  const message = writeMessage('web', many, now);
  assert.equal(message.sections.flatMap((section) => section.lines).length, 40);
  assert.match(message.footer, /^60 lines more: basekeeper deadlines/);
});

test('names from a repository stay on their line and within bounds', () => {
  const [line = ''] = lines(
    notice({ kind: 'late', lateMs: 0 }, { path: `a\nb\u202e${'x'.repeat(5000)}`, sourcePackage: '\u001b[31m' }),
  );
  assert.doesNotMatch(line, /[\n\u202e\u001b]/);
  assert.ok(line.length < 400);
});
