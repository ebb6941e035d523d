import type { NoticeMessage } from '../../domain/notice/notice-message.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { type PostTools, postJson } from './post-json.ts';

/** Teams says 28 KB and was seen to refuse from 21 on. */
const maxBytes = 20_000;

/** A channel of Microsoft Teams, by the webhook of a workflow ("post to a channel when a webhook request is received"). */
export function createTeams(address: string, tools: PostTools): Notifier {
  return { send: (message) => postJson(tools, address, JSON.stringify(teamsMessage(message))) };
}

function teamsMessage({ title, sections, footer }: NoticeMessage) {
  const head = text(title, { size: 'Large', weight: 'Bolder' });
  const end = text(footer, { isSubtle: true });
  const body = sections.flatMap(({ heading, lines }) => [
    text(heading, { weight: 'Bolder', separator: true }),
    ...lines.map((line) => text(line)),
  ]);
  let left = maxBytes - sizeOf(card([head, end]));
  const fitting = body.findIndex((block) => {
    left -= sizeOf(block) + 1;
    return left < 0;
  });
  return card([head, ...(fitting < 0 ? body : body.slice(0, fitting)), end]);
}

function card(body: readonly unknown[]) {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

type Looks = {
  readonly size?: 'Large';
  readonly weight?: 'Bolder';
  readonly isSubtle?: boolean;
  readonly separator?: boolean;
};

/** A run of text is shown to the letter, where a `TextBlock` would read Markdown; a mention needs an entity, and there is none. */
function text(written: string, { separator = false, ...looks }: Looks = {}) {
  const run = { type: 'TextRun', text: written.toWellFormed().slice(0, 1000), ...looks };
  return { type: 'RichTextBlock', inlines: [run], ...(separator ? { separator } : {}) };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
