import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadFleet } from '../../src/config/fleet-load.ts';

const folder = await mkdtemp(join(tmpdir(), 'notify-'));
after(() => rm(folder, { recursive: true }));

async function load(notify: string) {
  const path = join(folder, 'fleet.yaml');
  await writeFile(path, `version: 1\nrepositories: [{ path: . }]\nprivateHosts: [hooks.corp]\nnotify:\n${notify}`);
  return loadFleet(path);
}

test('channels are read by team, with what holds where nothing is said', async () => {
  const loaded = await load(`  teams:
    checkout: [{ slackFrom: SLACK_URL }, { email: web@acme.example }]
    "@acme/web": [{ teamsFrom: TEAMS_URL }, { issue: "https://gitlab.com/acme/web/platform.git" }]
  others: [{ webhook: "http://hooks.corp/x", secretFrom: HOOK_SECRET }]
  mail: { server: smtp.acme.example, sender: bot@acme.example, userFrom: SMTP_USER, passwordFrom: SMTP_PASSWORD }
`);
  assert.ok(loaded.kind === 'fleet');
  assert.deepEqual(loaded.fleet.notify, {
    teams: new Map<string, unknown>([
      [
        'checkout',
        [
          { kind: 'slack', urlFrom: 'SLACK_URL' },
          { kind: 'email', to: 'web@acme.example' },
        ],
      ],
      [
        '@acme/web',
        [
          { kind: 'teams', urlFrom: 'TEAMS_URL' },
          { kind: 'issue', url: 'https://gitlab.com/acme/web/platform' },
        ],
      ],
    ]),
    others: [{ kind: 'webhook', url: 'http://hooks.corp/x', secretFrom: 'HOOK_SECRET' }],
    mail: {
      ...{ host: 'smtp.acme.example', port: 465, encryption: 'tls', from: 'bot@acme.example' },
      ...{ userFrom: 'SMTP_USER', passwordFrom: 'SMTP_PASSWORD' },
    },
  });
});

const other = '  others: [{ slackFrom: SLACK_URL }]\n';
const mail = (text: string) => `${other}  mail: { server: smtp.x, sender: a@b.example, ${text} }\n`;

for (const [said, notify, message] of [
  ['nobody for the rest', '  teams: {}\n', /notify\.others/],
  ['no channel at all', '  others: []\n', /is empty: name a channel/],
  ['two ways in one', '  others: [{ slackFrom: A, teamsFrom: B }]\n', /notify\.others\.0 names no single way/],
  [
    'a secret in the file',
    '  others: [{ slackFrom: "https://hooks.slack.com/services/T/B/x" }]\n',
    /names no variable/,
  ],
  ['a webhook nobody could check', '  others: [{ webhook: "https://a.example/x" }]\n', /without secretFrom/],
  ['http to the world', '  others: [{ webhook: "http://a.example/x", secretFrom: S }]\n', /is no https address/],
  ['no address', '  others: [{ webhook: "file:///etc/passwd", secretFrom: S }]\n', /is no https address/],
  [
    'a password in an address',
    '  others: [{ webhook: "https://u:p@a.example/x", secretFrom: S }]\n',
    /has a user, a query/,
  ],
  [
    'a token in an address',
    '  others: [{ webhook: "https://a.example/x?t=1", secretFrom: S }]\n',
    /has a user, a query/,
  ],
  ['a secret without a webhook', '  others: [{ slackFrom: A, secretFrom: S }]\n', /goes with a webhook alone/],
  ['an issue nowhere', '  others: [{ issue: "https://github.com/acme" }]\n', /names no repository: write https/],
  ['an issue over http', '  others: [{ issue: "http://github.com/acme/a" }]\n', /is no https address/],
  [
    'a token in the address of an issue',
    '  others: [{ issue: "https://u:p@github.com/a/b" }]\n',
    /has a user, a query/,
  ],
  ['mail without a server', '  others: [{ email: a@b.example }]\n', /notify\.mail names no server/],
  ['two addressees in one', '  others: [{ email: "a@b.example, c@d.example" }]\n', /is no mail address/],
  ['a header in an address', '  others: [{ email: "a@b.example\\nBcc: c@d.example" }]\n', /is no mail address/],
  ['half a login', mail('userFrom: U'), /name both, or none/],
  ['mail without TLS', mail('encryption: none'), /for a server that privateHosts names/],
  [
    'a password without TLS',
    `${other}  mail: { server: hooks.corp, sender: a@b.example, encryption: none, userFrom: U, passwordFrom: P }\n`,
    /a password that everybody could read/,
  ],
  ['an unknown key', '  others: [{ slack: A }]\n', /is not known; did you mean/],
] as const)
  test(`${said} is refused`, async () => {
    const loaded = await load(notify);
    assert.ok(loaded.kind === 'problems');
    assert.match(loaded.problems.map(({ message: text }) => text).join('\n'), message);
    assert.doesNotMatch(JSON.stringify(loaded.problems), /services\/T|u:p|\?t=1/, 'what was written is not repeated');
    assert.ok(loaded.problems.every(({ line }) => line > 3));
  });

test('a repository’s own policy file has no say in it', async () => {
  const { loadPolicy } = await import('../../src/config/load-policy.ts');
  const path = join(folder, 'basekeeper.yaml');
  await writeFile(path, 'version: 1\nnotify: { others: [{ slackFrom: A }] }\n');
  const loaded = await loadPolicy(path, [], '2026-11-25');
  assert.equal(loaded.kind, 'problems');
});
