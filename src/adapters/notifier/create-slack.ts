import type { NoticeMessage } from '../../domain/notice/notice-message.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { type PostTools, postJson } from './post-json.ts';

/**
 * Slack's own bounds: characters of a header and of a text, blocks of a message.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
const [maxHeader, maxText, maxBlocks] = [150, 3000, 50];

/** A channel of Slack, or of what takes the same messages, by an incoming webhook. */
export function createSlack(address: string, tools: PostTools): Notifier {
  return { send: (message) => postJson(tools, address, JSON.stringify(slackMessage(message))) };
}

function slackMessage({ title, sections, footer }: NoticeMessage) {
  const body = sections.flatMap(({ heading, lines }) => [
    { type: 'section', text: plain(heading, maxText) },
    ...chunks(lines).map((text) => ({ type: 'section', text: { type: 'plain_text', text, emoji: false } })),
    { type: 'divider' },
  ]);
  const last = { type: 'context', elements: [plain(footer, maxText)] };
  return {
    // What notifications show.
    text: cut(title, maxText),
    mrkdwn: false,
    blocks: [{ type: 'header', text: plain(title, maxHeader) }, ...body.slice(0, maxBlocks - 2), last],
  };
}

/** Plain text has no markup but for entities and what stands in angle brackets: mentions, links. */
function plain(text: string, length: number) {
  return { type: 'plain_text', text: cut(text, length), emoji: false };
}

/** Escaped, and not longer than this: never cut within an entity. */
function cut(text: string, length: number): string {
  let escaped = '';
  for (const character of text.toWellFormed()) {
    const next = entities[character] ?? character;
    if (escaped.length + next.length > length - 1) return `${escaped}…`;
    escaped += next;
  }
  // Slack refuses an empty text.
  return escaped === '' ? '–' : escaped;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Lines, as many to a text as it takes. */
function chunks(lines: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const line of lines.map((one) => cut(`• ${one}`, maxText))) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= maxText) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts;
}
