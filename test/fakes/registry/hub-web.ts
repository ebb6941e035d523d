import { formatInstant } from '../../../src/domain/source/instant.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { BuiltImage } from './build-image.ts';
import type { FakeContent, TagPush } from './content.ts';
import type { Switches } from './switches.ts';

export type WebTagsAsk = {
  readonly repository: string;
  readonly tag?: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly origin: string;
};

/** Docker Hub's list of tags for people: newest first, dated, and behind the registry when told so. */
export function answerWebTags(ask: WebTagsAsk, content: FakeContent, switches: Switches): Answer {
  if (!content.hasRepository(ask.repository)) return notFound();
  const shown = content.listTags(ask.repository).flatMap((tag) => {
    const push = content.findPush(ask.repository, tag, switches.webAsOf);
    return push === undefined ? [] : [{ tag, push }];
  });
  const describe = ({ tag, push }: ShownTag): object => describeTag(ask.repository, tag, push, content, switches);
  if (ask.tag !== undefined) {
    const found = shown.find(({ tag }) => tag === ask.tag);
    return found === undefined ? notFound() : jsonAnswer(200, describe(found));
  }

  const page = readNumber(ask.query.get('page'), 1);
  const size = Math.min(readNumber(ask.query.get('page_size'), 10), 100);
  const ordered = shown.toSorted((left, right) => right.push.pushedAt - left.push.pushedAt);
  if (ask.query.get('ordering') === 'name') ordered.sort((left, right) => (left.tag < right.tag ? -1 : 1));
  const results = ordered.slice((page - 1) * size, page * size);
  if (results.length === 0 && page > 1) return notFound();
  const pageAt = (number: number): string => {
    const query = new URLSearchParams(ask.query);
    query.set('page', String(number));
    query.set('page_size', String(size));
    return `${switches.webNextOrigin ?? ask.origin}${ask.path}?${query}`;
  };
  return jsonAnswer(200, {
    count: ordered.length,
    next: page * size < ordered.length ? pageAt(page + 1) : null,
    previous: page > 1 ? pageAt(page - 1) : null,
    results: results.map(describe),
  });
}

/** The badge of a publisher. Who is no organisation is sent on to the users, as Docker Hub does. */
export function answerOrganisation(namespace: string, content: FakeContent): Answer {
  const publisher = content.publishers.get(namespace);
  if (publisher === undefined)
    return { status: 302, headers: { Location: `/v2/users/${namespace}/` }, body: Buffer.alloc(0) };
  return jsonAnswer(200, {
    id: `id-of-${namespace}`,
    orgname: namespace,
    full_name: publisher.name,
    type: 'Organization',
    badge: publisher.badge,
    is_active: true,
  });
}

export function answerUser(namespace: string, content: FakeContent): Answer {
  if (!content.repositories().some((repository) => repository.startsWith(`${namespace}/`))) return notFound();
  return jsonAnswer(200, { id: `id-of-${namespace}`, username: namespace, full_name: '', type: 'User', badge: '' });
}

type ShownTag = { readonly tag: string; readonly push: TagPush };

function describeTag(
  repository: string,
  tag: string,
  push: TagPush,
  content: FakeContent,
  { webNulls }: Switches,
): object {
  const stored = content.findManifest(repository, push.digest());
  const pushedAt = webNulls ? null : formatInstant(push.pushedAt);
  const images = (stored?.images ?? []).map((image) => describeImage(image, pushedAt));
  return {
    id: 1,
    name: tag,
    full_size: (stored?.images ?? []).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    last_updated: pushedAt,
    last_updater_username: 'fake',
    tag_status: 'active',
    tag_last_pushed: pushedAt,
    tag_last_pulled: null,
    media_type: stored?.mediaType ?? null,
    content_type: 'image',
    digest: webNulls ? null : (stored?.digest ?? null),
    images: webNulls ? null : images,
  };
}

function describeImage({ content, manifest, sizeBytes }: BuiltImage, pushedAt: string | null): object {
  const [os, architecture, variant] = content.platform.split('/');
  return {
    architecture,
    features: '',
    variant: variant ?? null,
    digest: manifest.digest,
    os,
    os_features: '',
    os_version: content.osVersion ?? null,
    size: sizeBytes,
    status: 'active',
    last_pulled: null,
    last_pushed: pushedAt,
  };
}

function readNumber(text: string | null, otherwise: number): number {
  return text !== null && /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : otherwise;
}

function notFound(): Answer {
  return jsonAnswer(404, { message: 'httperror 404: object not found', errinfo: {} });
}
