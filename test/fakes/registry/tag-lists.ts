import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { FakeContent } from './content.ts';
import type { Switches } from './switches.ts';

export type TagsAsk = {
  readonly method: string;
  readonly repository: string;
  readonly query: URLSearchParams;
  readonly origin: string;
};

/** `tags/list`, in pages by `n` and `last`. */
export function answerTags(ask: TagsAsk, content: FakeContent, switches: Switches): Answer {
  const { repository } = ask;
  // Nobody asks so, and distribution refuses it.
  if (ask.method !== 'GET') return notAllowed;
  if (!content.hasRepository(repository))
    return errorAnswer(404, {
      code: 'NAME_UNKNOWN',
      message: 'repository name not known to registry',
      detail: { name: repository },
    });
  if (switches.extendedListing) return jsonAnswer(200, extendedListing(repository, content));
  const wanted = readCount(ask.query.get('n'));
  if (wanted === undefined)
    return errorAnswer(400, {
      code: 'PAGINATION_NUMBER_INVALID',
      message: 'invalid number of results requested',
      detail: { n: ask.query.get('n') },
    });
  const size = Math.min(wanted, switches.pageSize);
  const last = ask.query.get('last') ?? undefined;
  const { tags, hasMore } = switches.isEndless
    ? { tags: inventedTags(last, size), hasMore: true }
    : cutPage(orderedTags(repository, content, switches), last, size);
  const link = hasMore ? formatLink(ask, size, tags.at(-1) ?? '', switches) : undefined;
  return jsonAnswer(200, listed(repository, tags, switches), link === undefined ? {} : { Link: link });
}

const notAllowed: Answer = {
  status: 405,
  headers: { Allow: 'GET', 'Content-Type': 'text/plain; charset=utf-8' },
  body: Buffer.from('Method Not Allowed\n'),
};

/** @returns `undefined` for what is no count. */
function readCount(text: string | null): number | undefined {
  if (text === null) return Number.POSITIVE_INFINITY;
  return /^[0-9]{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

function orderedTags(repository: string, content: FakeContent, { tagOrder }: Switches): readonly string[] {
  const tags = content.listTags(repository);
  if (tagOrder === 'lexical') return tags;
  const pushedAt = (tag: string): number => content.findPush(repository, tag)?.pushedAt ?? 0;
  return tags.toSorted((left, right) => pushedAt(left) - pushedAt(right));
}

/** In lexical order `last` need not exist; in any other it is looked up. */
function cutPage(
  tags: readonly string[],
  last: string | undefined,
  size: number,
): { readonly tags: readonly string[]; readonly hasMore: boolean } {
  const at = last === undefined ? -1 : tags.indexOf(last);
  const after = at < 0 && last !== undefined ? tags.filter((tag) => tag > last) : tags.slice(at + 1);
  return { tags: after.slice(0, size), hasMore: after.length > size };
}

function inventedTags(last: string | undefined, size: number): readonly string[] {
  const first = Number(/^endless-([0-9]{1,12})$/.exec(last ?? '')?.[1] ?? -1) + 1;
  const count = Math.min(size, 1000);
  return Array.from({ length: count }, (_, place) => `endless-${String(first + place).padStart(9, '0')}`);
}

function listed(repository: string, tags: readonly string[], { tagsMember }: Switches): object {
  switch (tagsMember) {
    case 'list':
      return { name: repository, tags };
    case 'null':
      return { name: repository, tags: null };
    case 'missing':
      return { name: repository };
    case 'null-members':
      return { name: repository, tags: [null, ...tags, null] };
  }
}

function formatLink(ask: TagsAsk, size: number, last: string, { link }: Switches): string | undefined {
  const query = `last=${encodeURIComponent(last)}&n=${size}`;
  const path = `/v2/${ask.repository}/tags/list?${query}`;
  if (typeof link === 'object') return `<${link.next}>; rel="next"`;
  switch (link) {
    case 'path':
      return `<${path}>; rel="next"`;
    case 'relative':
      return `<list?${query}>; rel="next"`;
    case 'absolute':
      return `<${ask.origin}${path}>; rel="next"`;
    case 'none':
      return undefined;
  }
}

/** gcr.io's way: everything at once, and the digest of every tag. */
function extendedListing(repository: string, content: FakeContent): object {
  const manifests: Record<string, { tag: string[]; [member: string]: unknown }> = {};
  const tags = content.listTags(repository);
  for (const tag of tags) {
    const pushed = content.findPush(repository, tag);
    const stored = pushed === undefined ? undefined : content.findManifest(repository, pushed.digest());
    if (pushed === undefined || stored === undefined) continue;
    manifests[stored.digest] ??= {
      imageSizeBytes: String(stored.images[0]?.sizeBytes ?? 0),
      layerId: '',
      mediaType: stored.mediaType,
      tag: [],
      // Reproducible builds have no date of making; the other is when it came.
      timeCreatedMs: '0',
      timeUploadedMs: String(pushed.pushedAt),
    };
    manifests[stored.digest]?.tag.push(tag);
  }
  return { child: [], manifest: manifests, name: repository, tags };
}
