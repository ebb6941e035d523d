import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { Episode, EpisodeEvent } from '../../../src/domain/deadline/episode.ts';
import type { Notice } from '../../../src/domain/notice/notice.ts';
import { listDeadlines } from '../../../src/flows/deadlines/list-deadlines.ts';
import type { TeamStanding } from '../../../src/flows/notices/team-standing.ts';
import { writeIssue } from '../../../src/render/notices/write-issue.ts';
import { writeMessage } from '../../../src/render/notices/write-message.ts';
import { at, baseAvailable, detected, episodeOf, fixAvailable } from '../../domain/deadline/lived.ts';

const now = at('3d');
const about = { team: 'web', now };

function numbered(change: Partial<Episode['subject']>, ...events: readonly EpisodeEvent[]): Episode {
  const { subject } = episodeOf();
  return { subject: { ...subject, ...change }, number: 1, events };
}

async function standing(...open: readonly Episode[]): Promise<TeamStanding> {
  const settings = defaultDeadlineSettings;
  const { episodes, policy } = await listDeadlines({ list: async () => ({ open, closed: [] }) }, { settings, now });
  return { isKnown: true, episodes, policy, unread: [] };
}

const late = (change: Partial<Episode['subject']> = {}) =>
  numbered(change, detected('0d', 'critical'), fixAvailable('0d'), baseAvailable('0d'));

test('an issue says what is late and due, by when, whose turn it is, and the next step', async () => {
  const given = await standing(
    late({ id: 'CVE-4' }),
    numbered({ id: 'CVE-2' }, detected('0d', 'high')),
    numbered({ id: 'CVE-3' }, detected('0d', 'medium'), fixAvailable('0d'), baseAvailable('0d')),
    numbered({ id: 'CVE-1' }, detected('0d', 'low'), fixAvailable('0d'), baseAvailable('0d')),
  );
  const { title, body, isOpen, comment } = writeIssue({ ...given, scannedAt: at('2d') }, [], undefined, about);
  assert.deepEqual([title, isOpen, comment], ['Basekeeper: what is due of web', true, undefined]);
  assert.equal(
    body,
    `**3 findings of \`web\` open: 1 late.**

### Late

- **late by 1 d, was due 2026-03-03 00:00 UTC**: \`debian\` in \`https://git.example/acme/shop Dockerfile\`, \`1 CRITICAL: CVE-4 openssl\`  
  \`ours: a patched base is there since 2026-03-01, nothing proposes it; we 3 d\`  
  → \`basekeeper update --propose --scan\`

### Due

- **due 2026-03-31 00:00 UTC, in 27 d**: \`debian\` in \`https://git.example/acme/shop Dockerfile\`, \`1 MEDIUM, 1 LOW: CVE-3 openssl and 1 more\`  
  \`ours: a patched base is there since 2026-03-01, nothing proposes it; we 3 d\`  
  → \`basekeeper update --propose\`

1 finding without a fix is watched.

Counted by \`${given.policy}\`, scanned last 2026-03-03 00:00 UTC. \`basekeeper deadlines\` lists all.

This text is kept up to date: whatever else is written into it goes with the next change. What is new is told in comments.`,
  );
});

test('where nothing is due it ends with a sentence, also where findings without a fix are left', async () => {
  const { body, isOpen, comment } = writeIssue(
    await standing(numbered({}, detected('0d', 'high'))),
    [],
    undefined,
    about,
  );
  assert.equal(isOpen, false);
  assert.deepEqual(comment, { name: 'closed', body: 'Nothing of `web` is due any more.' });
  assert.match(body, /^Nothing of `web` is due\.\n\n1 finding without a fix is watched\./);
});

test('nothing is said to be over where repositories could not be told apart, or the ledger is gone', async () => {
  const none = await standing();
  const unread = writeIssue({ ...none, unread: ['https://git.example/acme/shop'] }, [], undefined, about);
  assert.equal(unread.isOpen, true);
  assert.match(
    unread.body,
    /could not be read in `https:\/\/git\.example\/acme\/shop`: what lies there may be missing/,
  );
  const overdue: Notice = { key: '', what: { kind: 'cycle-overdue', command: 'monitor' } };
  const gone = writeIssue({ ...none, isKnown: false }, [overdue], undefined, about);
  assert.equal(gone.isOpen, true);
  assert.match(
    gone.body,
    /^How it stands is not known.*\n\n`basekeeper monitor over this fleet: none was ever finished/,
  );
});

test('names from a repository mention nobody, link nowhere and stay in their code', async () => {
  const hostile = '@acme/all](https://evil.example) `\n/close\n![x](https://evil.example/x.png) closes #1 <img src=x>';
  const episode = late({ path: hostile, stage: hostile, sourcePackage: hostile, id: hostile });
  const notice: Notice = { key: '', what: { kind: 'late', lateMs: 0 }, subject: episode.subject, severity: 'high' };
  const message = writeMessage('@acme/web', [notice], now);
  const { title, body, comment } = writeIssue(await standing(episode), [notice], message, { team: '@acme/web', now });
  assert.equal(title, 'Basekeeper: what is due of @\u2060acme/web');
  for (const text of [body, comment?.body ?? '']) {
    const outside = text.replace(/`[^`\n]*`|<code>[^<\n]*<\/code>/g, 'CODE').replaceAll('### ', '');
    assert.doesNotMatch(outside, /[@<`#[]|https?:|closes|^\s*\//m, outside);
  }
});

test('a body is as long as a forge takes, and says how much was left out', async () => {
  const many = Array.from({ length: 2000 }, (_, index) => late({ path: `${index}/${'ü`'.repeat(90)}` }));
  const { body } = writeIssue(await standing(...many), [], undefined, about);
  const bytes = Buffer.byteLength(body);
  assert.ok(bytes <= 60_000 && bytes > 55_000, String(bytes));
  const shown = body.match(/^- /gm)?.length ?? 0;
  assert.match(body, new RegExp(`\n${2000 - shown} findings more left out, for want of room\\.\n`));
});
