import { type JsonObject, listMember, member, parseJsonObject, textMember } from '../image/json-value.ts';
import { hash } from '../source/hash.ts';
import type { Proposal } from './proposal.ts';

/** What a pull request of ours says to the next run, hidden in its text. */
export type ProposalMarker = {
  readonly key: string;
  readonly lane: string;
  readonly images: readonly string[];
  /** The first of them. */
  readonly files: readonly string[];
  readonly from: string;
  /** Empty where people removed the marker. */
  readonly target: string;
  readonly fingerprint: string;
  /** Hash of the title and the body as we wrote them. */
  readonly text: string;
  /** We are the ones who close it: its target is not left alone then. */
  readonly isEnded?: true;
  /** The comment that says so is written. ISO day. */
  readonly snoozedUntil?: string;
};

export type PullRequestText = { readonly title: string; readonly body: string };

const start = '<!-- basekeeper {';
const end = ' -->';
/** No marker of ours is longer, whatever images and files are called: what a text has to leave room for. */
export const maxMarkerLength = 24_000;
const maxListLength = 4000;
const maxEntries = 50;
const maxEntryLength = 1100;

export function markerOf(proposal: Proposal, { title, body }: PullRequestText): ProposalMarker {
  const { key, lane, images, files, from, target, fingerprint } = proposal;
  return {
    key,
    lane,
    images: firstOf(images),
    files: firstOf(files.map(({ path }) => path)),
    from,
    target,
    fingerprint,
    text: hash(JSON.stringify([title, body])),
  };
}

/** As many as there is room for, as long as they are in the marker. */
function firstOf(texts: readonly string[]): readonly string[] {
  let length = 0;
  return texts.slice(0, maxEntries).filter((text) => {
    length += escaped(JSON.stringify(text)).length + 1;
    return length <= maxListLength;
  });
}

/** For a pull request of ours whose marker people removed. */
export function bareMarker(key: string): ProposalMarker {
  return { key, lane: '', images: [], files: [], from: '', target: '', fingerprint: '', text: '' };
}

/** The body with the marker at its end, instead of the one that it has. */
export function withMarker(body: string, marker: ProposalMarker): string {
  const found = findMarker(body);
  const bare = found === undefined ? body : body.slice(0, found.start) + body.slice(found.end);
  return `${bare.trimEnd()}\n\n${formatMarker(marker)}\n`;
}

/** Nothing in it ends the comment or means anything to a forge. */
export function formatMarker(marker: ProposalMarker): string {
  const text = JSON.stringify({ version: 1, ...marker });
  return `<!-- basekeeper ${escaped(text)}${end}`;
}

function escaped(json: string): string {
  const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(/[^\w\s"{}[\]:,./\\]/g, escapeUnit);
}

/** Anybody may have written it: what is not as we write it is no marker. */
export function readMarker(body: string): ProposalMarker | undefined {
  const found = findMarker(body);
  if (found === undefined) return undefined;
  const read = parseJsonObject(found.text);
  const [key, lane, from, target] = ['key', 'lane', 'from', 'target'].map((name) => boundedText(read, name));
  const [fingerprint, text] = ['fingerprint', 'text'].map((name) => boundedText(read, name));
  const [images, files] = ['images', 'files'].map((name) => boundedList(read, name));
  const isRead = key !== undefined && lane !== undefined && from !== undefined && target !== undefined;
  if (member(read, 'version') !== 1 || !isRead || !/^[0-9a-f]{16}$/.test(key)) return undefined;
  if (fingerprint === undefined || text === undefined || images === undefined || files === undefined) return undefined;
  const snoozedUntil = boundedText(read, 'snoozedUntil');
  return {
    ...{ key, lane, images, files, from, target, fingerprint, text },
    ...(member(read, 'isEnded') === true ? { isEnded: true } : {}),
    ...(snoozedUntil === undefined ? {} : { snoozedUntil }),
  };
}

/** The last one: ours stands at the end, whatever is quoted above it. */
function findMarker(body: string): { readonly start: number; readonly end: number; readonly text: string } | undefined {
  const from = body.lastIndexOf(start);
  const to = from < 0 ? -1 : body.indexOf(end, from);
  if (to < 0 || to - from > maxMarkerLength) return undefined;
  return { start: from, end: to + end.length, text: body.slice(from + start.length - 1, to) };
}

function boundedText(object: JsonObject | undefined, name: string): string | undefined {
  const text = textMember(object, name);
  return text === undefined || text.length > maxEntryLength ? undefined : text;
}

function boundedList(object: JsonObject | undefined, name: string): readonly string[] | undefined {
  const list = listMember(object, name);
  if (list === undefined || list.length > maxEntries) return undefined;
  const texts = list.filter((entry) => typeof entry === 'string' && entry.length <= maxEntryLength);
  return texts.length === list.length ? texts.map(String) : undefined;
}
