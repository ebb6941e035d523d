import type { Digest } from '../../../src/domain/image/manifest.ts';
import { type Answer, errorAnswer } from './answer.ts';
import { digestOf, mediaTypes } from './build-image.ts';
import type { FakeContent, StoredManifest } from './content.ts';
import type { Switches } from './switches.ts';

export type ManifestAsk = {
  readonly method: string;
  readonly repository: string;
  readonly reference: string;
  /** As sent, several headers joined by commas. */
  readonly accept: string | undefined;
  readonly ifNoneMatch: string | undefined;
};

/** GET and HEAD of a manifest, by tag and by digest, with distribution's ideas of `Accept`. */
export function answerManifest(ask: ManifestAsk, content: FakeContent, switches: Switches): Answer {
  if (ask.method === 'HEAD' && switches.headManifests === 'not-allowed')
    return errorAnswer(405, { code: 'UNSUPPORTED', message: 'The operation is unsupported.' }, { Allow: 'GET' });
  if (ask.method === 'HEAD' && switches.headManifests === 'not-found') return unknownManifest(ask);

  const isTag = !ask.reference.startsWith('sha256:');
  const digest = isTag ? content.findDigest(ask.repository, ask.reference) : ask.reference;
  const stored = digest === undefined ? undefined : content.findManifest(ask.repository, digest);
  if (stored === undefined) return unknownManifest(ask);
  // Distribution compares before it looks at `Accept`.
  if (ask.ifNoneMatch === stored.digest || ask.ifNoneMatch === `"${stored.digest}"`)
    return { status: 304, headers: {}, body: Buffer.alloc(0) };

  const negotiated = negotiate(stored, acceptedTypes(ask.accept), isTag, (child) =>
    content.findManifest(ask.repository, child),
  );
  if (negotiated === undefined) return notAccepted(stored);
  const said = saidDigest(negotiated.digest, switches);
  return {
    status: 200,
    headers: {
      'Content-Type': `${negotiated.mediaType}${switches.contentTypeParameters}`,
      ...(said === undefined ? {} : { 'Docker-Content-Digest': said, Etag: `"${said}"` }),
    },
    body: negotiated.bytes,
  };
}

/**
 * An OCI manifest is never replaced. A Docker list that was not asked for is replaced by its linux/amd64 image where a tag
 * was asked for: another digest, without a word.
 */
function negotiate(
  stored: StoredManifest,
  accepted: ReadonlySet<string>,
  isTag: boolean,
  find: (digest: Digest) => StoredManifest | undefined,
): StoredManifest | undefined {
  if (accepted.has(stored.mediaType)) return stored;
  switch (stored.mediaType) {
    case mediaTypes.oci.index:
    case mediaTypes.oci.manifest:
      return undefined;
    case mediaTypes.docker.index: {
      if (!isTag) return stored;
      const child = stored.images.find(({ content }) => content.platform === 'linux/amd64');
      return child === undefined ? undefined : find(child.manifest.digest);
    }
    default:
      // Distribution makes an obsolete manifest of schema 1 here, which nothing of ours reads.
      return stored;
  }
}

function acceptedTypes(accept: string | undefined): ReadonlySet<string> {
  return new Set((accept ?? '').split(',').map((part) => part.split(';')[0]?.trim() ?? ''));
}

function saidDigest(digest: Digest, { digestHeader }: Switches): Digest | undefined {
  switch (digestHeader) {
    case 'right':
      return digest;
    case 'missing':
      return undefined;
    case 'wrong':
      return digestOf(`not ${digest}`);
  }
}

function notAccepted({ mediaType }: StoredManifest): Answer {
  const what = mediaType === mediaTypes.oci.index ? 'index' : 'manifest';
  const message = `OCI ${what} found, but accept header does not support OCI ${what === 'index' ? 'indexes' : 'manifests'}`;
  return errorAnswer(404, { code: 'MANIFEST_UNKNOWN', message });
}

function unknownManifest({ repository, reference }: ManifestAsk): Answer {
  const detail = reference.startsWith('sha256:') ? { Name: repository, Revision: reference } : { Tag: reference };
  return errorAnswer(404, { code: 'MANIFEST_UNKNOWN', message: 'manifest unknown', detail });
}
