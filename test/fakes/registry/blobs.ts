import { type Answer, errorAnswer } from './answer.ts';
import type { FakeContent } from './content.ts';
import type { Switches } from './switches.ts';

export function answerBlob(
  { repository, digest }: { readonly repository: string; readonly digest: string },
  content: FakeContent,
  { blobRedirect }: Switches,
): Answer {
  const bytes = content.findBlob(repository, digest);
  if (bytes === undefined)
    return errorAnswer(404, { code: 'BLOB_UNKNOWN', message: 'blob unknown to registry', detail: digest });
  if (blobRedirect !== undefined) {
    const location = `${blobRedirect}/blob-store/${digest}?signature=not-for-reports`;
    return { status: 307, headers: { Location: location }, body: Buffer.alloc(0) };
  }
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Docker-Content-Digest': digest,
      Etag: `"${digest}"`,
      'Cache-Control': 'max-age=31536000',
    },
    body: bytes,
  };
}

/** Where redirects lead: signed addresses, which fail when a token comes along, as S3's do. */
export function answerBlobStore(digest: string, authorization: string | undefined, content: FakeContent): Answer {
  const bytes = content.findBlobAnywhere(digest);
  const headers = { 'Content-Type': 'application/xml' };
  if (authorization !== undefined)
    return { status: 400, headers, body: Buffer.from('<Error><Code>InvalidArgument</Code></Error>') };
  if (bytes === undefined) return { status: 404, headers, body: Buffer.from('<Error><Code>NoSuchKey</Code></Error>') };
  return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body: bytes };
}
