import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { type Advisory, writeTrivyDb } from '../fakes/trivy-db/trivy-db.ts';

/** Pushes a database as Trivy's own registry has it. @returns what `TRIVY_DB_REPOSITORY` is set to */
export async function pushDatabase(
  host: string,
  { advisories, updatedAt }: { readonly advisories: readonly Advisory[]; readonly updatedAt: string },
): Promise<string> {
  const { database, metadata } = writeTrivyDb(advisories, updatedAt);
  const attrs = { mode: '644', mtime: 0 } as const;
  const tar = createTar([
    { name: 'trivy.db', data: database, attrs },
    { name: 'metadata.json', data: metadata, attrs },
  ]);
  const repository = `http://${host}/v2/mirror/trivy-db`;
  const config = await pushBlob(repository, Buffer.from('{}'));
  const layer = await pushBlob(repository, gzipSync(tar));
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType: type,
    config: { ...config, mediaType: 'application/vnd.aquasec.trivy.config.v1+json' },
    layers: [
      {
        ...layer,
        mediaType: 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip',
        annotations: { 'org.opencontainers.image.title': 'db.tar.gz' },
      },
    ],
  };
  // The tag is the number of the schema.
  await ask(`${repository}/manifests/2`, 'PUT', type, Buffer.from(JSON.stringify(manifest)));
  return `${host}/mirror/trivy-db`;
}

async function pushBlob(repository: string, bytes: Uint8Array<ArrayBuffer>) {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const started = await ask(`${repository}/blobs/uploads/`, 'POST');
  const place = new URL(started.headers.get('location') ?? '', repository);
  place.searchParams.set('digest', digest);
  await ask(place.href, 'PUT', 'application/octet-stream', bytes);
  return { digest, size: bytes.length };
}

async function ask(url: string, method: string, type?: string, body?: Uint8Array<ArrayBuffer>): Promise<Response> {
  const answer = await fetch(url, {
    method,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...(body === undefined ? {} : { body }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
