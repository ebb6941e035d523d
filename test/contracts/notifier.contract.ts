import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../../src/domain/notice/notice.ts';
import type { NoticeMessage } from '../../src/domain/notice/notice-message.ts';
import { type Notifier, NotifierError, type NotifierErrorCode } from '../../src/ports/notifier.ts';
import { episodeOf } from '../domain/deadline/lived.ts';

export type NotifierWorld = {
  readonly notifier: Notifier;
  /** The same way, where its host may not have a private address. */
  readonly guarded: Notifier;
  /** What came, as one text for each message. */
  readonly received: () => readonly string[];
  /** From now on it says no, or that it cannot now. */
  readonly fail: (how: 'no' | 'not-now' | undefined) => void;
};

type Subject = {
  readonly name: string;
  withWorld(use: (world: NotifierWorld) => Promise<void>): Promise<void>;
  /** No mark-up of the way stands in what came. */
  readonly isHarmless: (received: string) => void;
};

const { subject } = episodeOf();

export function noticeOf(name: string): Notice {
  return { key: name, what: { kind: 'late', lateMs: 1 }, subject, severity: 'high', dueAt: 0 };
}

/** Names that do something wherever mark-up is read. */
export const hostileText =
  '<!channel> <@U123> @everyone @here <at>all</at> *bold* _x_ `code` [link](https://evil.example) <img src=x onerror=alert(1)> & "q"';

export const message: NoticeMessage = {
  team: 'checkout',
  at: Date.parse('2026-11-25T08:00:00Z'),
  title: '2 findings are late, 1 has used 90 % of its time',
  sections: [
    { heading: 'Late', lines: ['debian in acme/shop Dockerfile: CVE-2026-0001 openssl', 'a second line'] },
    { heading: '90 % of the time is used', lines: ['node in acme/shop web/Dockerfile: CVE-2026-0002 zlib'] },
  ],
  footer: 'basekeeper deadlines lists all',
  notices: [noticeOf('a'), noticeOf('b'), noticeOf('c')],
};

export const hostileMessage: NoticeMessage = {
  ...message,
  title: `late: ${hostileText}`,
  sections: [{ heading: 'Late', lines: [hostileText] }],
  footer: hostileText,
};

/** More than any way takes in one message. */
export const longMessage: NoticeMessage = {
  ...message,
  title: `<&>${'t'.repeat(5_000)}`,
  sections: Array.from({ length: 80 }, (_, at) => ({
    heading: `heading ${at}`,
    lines: Array.from({ length: 50 }, (_, line) => `${'<&>ü'.repeat(1_200)} ${line}`),
  })),
};

/** What every way of telling a team has to do. */
export function notifierContract({ name, withWorld, isHarmless }: Subject): void {
  const fact = (said: string, run: (world: NotifierWorld) => Promise<void>) =>
    test(`${name}: ${said}`, () => withWorld(run));

  fact('what is sent arrives once, with each line', async ({ notifier, received }) => {
    await notifier.send(message);
    const [text = '', ...others] = received();
    assert.deepEqual(others, []);
    const words = [
      message.title,
      message.footer,
      ...message.sections.flatMap(({ heading, lines }) => [heading, ...lines]),
    ];
    for (const word of words) assert.ok(text.includes(word), `${word} in ${text}`);
  });
  fact('what names say does nothing', async ({ notifier, received }) => {
    await notifier.send(hostileMessage);
    isHarmless(received()[0] ?? '');
  });
  fact('a message that is too long is cut to what is taken', async ({ notifier, received }) => {
    await notifier.send(longMessage);
    assert.equal(received().length, 1);
  });
  fact('a no and a not now are told apart, and the next message goes through', async ({ notifier, fail }) => {
    for (const [how, code] of [
      ['no', 'refused'],
      ['not-now', 'unavailable'],
    ] as const) {
      fail(how);
      await refuses(notifier, code);
    }
    fail(undefined);
    await notifier.send(message);
  });
  fact('a private address is refused where nobody allowed it', async ({ guarded, received }) => {
    await refuses(guarded, 'not-allowed');
    assert.deepEqual(received(), []);
  });
}

export async function refuses(notifier: Notifier, code: NotifierErrorCode): Promise<NotifierError> {
  const error = await notifier.send(message).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof NotifierError, String(error));
  assert.equal(error.code, code, error.message);
  assert.doesNotMatch(error.message, /127\.0\.0\.1:|whsec|-secret|\/hook/, 'neither an address nor a secret');
  return error;
}
