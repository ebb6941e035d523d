import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { createEmail } from '../../src/adapters/notifier/create-email.ts';
import { createSlack } from '../../src/adapters/notifier/create-slack.ts';
import { createTeams } from '../../src/adapters/notifier/create-teams.ts';
import { createWebhook } from '../../src/adapters/notifier/create-webhook.ts';
import type { PostTools } from '../../src/adapters/notifier/post-json.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { loopbackCertificate } from '../fakes/git-server.ts';
import { type HttpReceiver, type Received, startHttpReceiver } from '../fakes/notice-receiver/http-receiver.ts';
import { mailLogin, startSmtpReceiver } from '../fakes/notice-receiver/smtp-receiver.ts';
import { hostileMessage, longMessage, message, noticeOf, notifierContract, refuses } from './notifier.contract.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes yes').toString('base64')}`;
const now = Date.parse('2026-11-25T08:00:00Z');

type Way = (address: string, tools: PostTools) => Notifier;
const webhook: Way = (address, tools) => createWebhook(address, secret, tools);

async function withReceiver(
  way: Way,
  use: (notifier: Notifier, receiver: HttpReceiver, guarded: Notifier) => Promise<void>,
): Promise<void> {
  const receiver = await startHttpReceiver();
  const http = createHttpClient();
  const tools = (hosts: readonly string[]) => ({ http, clock: () => now, privateHosts: new Set(hosts) });
  try {
    const guarded = way(receiver.url.replace('http:', 'https:'), tools([]));
    await use(way(receiver.url, tools(['127.0.0.1'])), receiver, guarded);
  } finally {
    await http.close();
    await receiver.close();
  }
}

type SlackBlock = { readonly type: string; readonly text?: SlackText; readonly elements?: readonly SlackText[] };
type SlackText = { readonly type: string; readonly text: string };

function slackBlocks(body: string): readonly SlackBlock[] {
  return (JSON.parse(body) as { readonly blocks: readonly SlackBlock[] }).blocks;
}

/** As Slack would show them. */
function slackTexts(body: string): readonly string[] {
  return slackBlocks(body).flatMap(({ text, elements = [] }) =>
    [...(text === undefined ? [] : [text]), ...elements].map((one) => one.text),
  );
}

function teamsRuns(body: string): readonly string[] {
  const { attachments } = JSON.parse(body) as {
    readonly attachments: readonly [
      { readonly content: { readonly body: readonly { readonly inlines: readonly { readonly text: string }[] }[] } },
    ];
  };
  return attachments[0].content.body.flatMap(({ inlines }) => inlines.map(({ text }) => text));
}

for (const [name, way, isHarmless] of [
  ['webhook', webhook, (body: string) => assert.equal(JSON.parse(body).title, hostileMessage.title)],
  [
    'Slack',
    createSlack,
    (body: string) => {
      assert.doesNotMatch(body, /[<>]/);
      const kinds = slackBlocks(body).flatMap(({ text, elements = [] }) => [
        ...(text === undefined ? [] : [text]),
        ...elements,
      ]);
      assert.ok(kinds.every(({ type }) => type === 'plain_text'));
      assert.equal(JSON.parse(body).mrkdwn, false);
    },
  ],
  [
    'Teams',
    createTeams,
    (body: string) => {
      assert.ok(teamsRuns(body).includes(hostileMessage.title), 'to the letter');
      assert.doesNotMatch(body, /"TextBlock"|"entities"/, 'nothing that reads Markdown, nothing that mentions');
    },
  ],
] as const) {
  notifierContract({
    name,
    isHarmless,
    withWorld: (use) =>
      withReceiver(way, (notifier, receiver, guarded) =>
        use({
          ...{ notifier, guarded },
          received: () => receiver.received.map(({ body }) => body),
          fail: (how) => receiver.answer(how === undefined ? 200 : how === 'no' ? 404 : 503),
        }),
      ),
  });

  test(`${name}: a wait that is asked for is told`, () =>
    withReceiver(way, async (notifier, receiver) => {
      receiver.answer({ status: 429, headers: { 'retry-after': '90' } });
      assert.equal((await refuses(notifier, 'rate-limited')).retryAt, now + 90_000);
      receiver.answer(429);
      assert.equal((await refuses(notifier, 'rate-limited')).retryAt, undefined);
    }));

  test(`${name}: a redirect is not followed`, () =>
    withReceiver(way, async (notifier, receiver) => {
      receiver.answer({ status: 307, headers: { location: receiver.url } });
      assert.match((await refuses(notifier, 'refused')).message, /307: a redirect, which is not followed/);
      assert.equal(receiver.received.length, 1);
    }));

  test(`${name}: nobody listens, and an address that is none`, () =>
    withReceiver(way, async (notifier, receiver) => {
      await receiver.close();
      await refuses(notifier, 'unavailable');
      const tools = { http: createHttpClient(), clock: () => now, privateHosts: new Set<string>() };
      for (const address of ['http://hooks.example/x', 'https://u:p@hooks.example/x', 'ftp://x', 'secret'])
        await refuses(way(address, tools), 'not-allowed');
    }));
}

/** As the specification has it, and by nothing of ours. */
function isSigned({ headers, body }: Received, key: Buffer): boolean {
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}

test('webhook: the signature is that of the secret over mark, time and body', () =>
  withReceiver(webhook, async (notifier, { received }) => {
    await notifier.send(message);
    const [first] = received;
    assert.ok(first !== undefined && isSigned(first, Buffer.from(secret.slice(6), 'base64')));
    assert.ok(!isSigned(first, Buffer.from('another secret of many bytes'.repeat(2))));
    assert.equal(first.headers['webhook-timestamp'], String(now / 1000));
    assert.equal(first.headers['content-type'], 'application/json');
  }));

test('webhook: a secret without the prefix counts by its bytes, a short one is refused', async () => {
  const plain = 'thirty characters are enough!!';
  await withReceiver(
    (address, tools) => createWebhook(address, plain, tools),
    async (notifier, { received }) => {
      await notifier.send(message);
      assert.ok(received[0] !== undefined && isSigned(received[0], Buffer.from(plain)));
    },
  );
  await withReceiver(
    (address, tools) => createWebhook(address, 'too short', tools),
    async (notifier, { received }) => {
      assert.match((await refuses(notifier, 'not-set')).message, /shorter than 24/);
      assert.equal(received.length, 0);
    },
  );
});

test('webhook: the same notices have one mark, others another', () =>
  withReceiver(webhook, async (notifier, { received }) => {
    await notifier.send(message);
    await notifier.send({ ...message, at: 0, notices: message.notices.toReversed() });
    await notifier.send({ ...message, notices: [...message.notices, noticeOf('d')] });
    const [first, again, other] = received.map(({ headers }) => headers['webhook-id']);
    assert.equal(first, again);
    assert.notEqual(first, other);
  }));

test('Slack: a message keeps to the bounds of blocks, headers and texts', () =>
  withReceiver(createSlack, async (notifier, { received }) => {
    await notifier.send(longMessage);
    const body = received[0]?.body ?? '';
    const blocks = slackBlocks(body);
    assert.equal(blocks.length, 50);
    assert.ok((blocks[0]?.text?.text.length ?? 0) <= 150);
    for (const text of slackTexts(body)) {
      assert.ok(text.length > 0 && text.length <= 3000);
      assert.doesNotMatch(text, /&(?!amp;|lt;|gt;)/, 'no entity is cut');
    }
    assert.equal(blocks.at(-1)?.type, 'context', 'the last line says what was left out');
  }));

test('Teams: a card keeps below what Teams takes, and ends with its last line', () =>
  withReceiver(createTeams, async (notifier, { received }) => {
    await notifier.send(longMessage);
    const body = received[0]?.body ?? '';
    assert.ok(Buffer.byteLength(body) <= 20_000);
    assert.equal(teamsRuns(body).at(-1), longMessage.footer);
  }));

const known = getCACertificates('default');

async function withMail(
  encryption: 'tls' | 'starttls' | 'none',
  use: (
    server: Awaited<ReturnType<typeof startSmtpReceiver>>,
    access: Parameters<typeof createEmail>[1],
  ) => Promise<void>,
): Promise<void> {
  setDefaultCACertificates([...known, readFileSync(loopbackCertificate, 'utf8')]);
  const server = await startSmtpReceiver(encryption);
  try {
    const at = { host: '127.0.0.1', port: server.port, encryption, from: 'basekeeper@acme.example' };
    await use(server, { ...at, ...(encryption === 'none' ? {} : { login: mailLogin }), isPrivateAllowed: true });
  } finally {
    await server.close();
    setDefaultCACertificates(known);
  }
}

/** Quoted-printable as it was before. */
function unfolded(source: string): string {
  const bytes = source
    .replace(/=\r\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'));
  return bytes.replace(/\r\n /g, ' ');
}

for (const encryption of ['tls', 'starttls', 'none'] as const)
  notifierContract({
    name: `e-mail (${encryption})`,
    isHarmless(source) {
      const html = unfolded(source).slice(unfolded(source).indexOf('<!doctype html>'));
      assert.doesNotMatch(html, /<img|<at>|<!channel|<a /);
      assert.match(html, /&#60;img src=x onerror=alert\(1\)&#62;/);
    },
    withWorld: (use) =>
      withMail(encryption, (server, access) =>
        use({
          notifier: createEmail('web@acme.example', access),
          guarded: createEmail('web@acme.example', { ...access, isPrivateAllowed: false }),
          received: () => server.received.map(({ source }) => unfolded(source)),
          fail: (how) => server.refuse(how === undefined ? undefined : how === 'no' ? 550 : 451),
        }),
      ),
  });

test('e-mail: the envelope names one addressee, and TLS is kept to', () =>
  withMail('starttls', async ({ received }, access) => {
    await createEmail('web@acme.example', access).send({ ...message, title: 'one\r\nBcc: evil@example.org' });
    const [mail] = received;
    assert.deepEqual([mail?.from, mail?.to, mail?.isSecure], ['basekeeper@acme.example', ['web@acme.example'], true]);
    const [head = ''] = mail?.source.split('\r\n\r\n', 1) ?? [];
    assert.doesNotMatch(head, /^Bcc:/im);
    assert.match(head, /^Auto-Submitted: auto-generated\r$/m);
  }));

test('e-mail: a server without TLS, a wrong password and a certificate nobody trusts are refused', async () => {
  await withMail('none', async (server, access) => {
    await refuses(createEmail('a@acme.example', { ...access, encryption: 'starttls' }), 'refused');
    assert.equal(server.received.length, 0);
  });
  await withMail('tls', async (server, access) => {
    const login = { user: 'bot', pass: 'wrong-secret' };
    await refuses(createEmail('a@acme.example', { ...access, login }), 'refused');
    setDefaultCACertificates(known);
    await refuses(createEmail('a@acme.example', access), 'unavailable');
    assert.equal(server.received.length, 0);
  });
});
