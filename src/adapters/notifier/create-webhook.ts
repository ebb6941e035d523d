import { createHmac } from 'node:crypto';
import type { NoticeMessage } from '../../domain/notice/notice-message.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import { type Notifier, NotifierError } from '../../ports/notifier.ts';
import { messageMark } from './message-mark.ts';
import { type PostTools, postJson } from './post-json.ts';

/** More are counted, and told by `basekeeper deadlines --json`. */
const maxNotices = 1000;

/** As the specification asks of a secret. */
const leastSecretBytes = 24;

/**
 * A program of the organisation's, which can tell that a message is ours.
 *
 * @param secret with `whsec_` before it in base64, else its bytes as they are.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function createWebhook(address: string, secret: string, tools: PostTools): Notifier {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
  return {
    async send(message) {
      if (key.length < leastSecretBytes)
        throw new NotifierError('not-set', `its secret is shorter than ${leastSecretBytes} bytes`);
      const body = JSON.stringify(bodyOf(message));
      const id = `msg_${messageMark(message)}`;
      const timestamp = String(Math.floor(tools.clock() / 1000));
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
      await postJson(tools, address, body, {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      });
    },
  };
}

function bodyOf({ team, at, title, sections, footer, notices }: NoticeMessage) {
  return {
    type: 'basekeeper.notices',
    schemaVersion: 1,
    ...{ team, at: formatInstant(at), title, sections, footer },
    notices: notices.slice(0, maxNotices),
    noticesLeftOut: Math.max(0, notices.length - maxNotices),
  };
}
