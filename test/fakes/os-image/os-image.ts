import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTar } from 'nanotar';

/** A package as dpkg has it installed. `source`: where it is named otherwise. */
export type DebianPackage = { readonly name: string; readonly version: string; readonly source?: string };

/** Files of one layer. */
export type Layer = Readonly<Record<string, string>>;

/** As much of a Debian as a scanner looks at. */
export function debianLayer(release: string, packages: readonly DebianPackage[]): Layer {
  const [version = release] = release.split('.');
  const entries = packages.map(({ name, version: installed, source }) =>
    [
      `Package: ${name}`,
      'Status: install ok installed',
      ...(source === undefined ? [] : [`Source: ${source}`]),
      `Version: ${installed}`,
      'Architecture: amd64',
      'Maintainer: Debian <debian@example.com>',
      `Description: ${name}`,
    ].join('\n'),
  );
  return {
    'etc/os-release': `ID=debian\nVERSION_ID="${version}"\n`,
    'etc/debian_version': `${release}\n`,
    'var/lib/dpkg/status': `${entries.join('\n\n')}\n`,
  };
}

/** As much of an Alpine as a scanner looks at. */
export function alpineLayer(release: string, packages: readonly Omit<DebianPackage, 'source'>[]): Layer {
  const entries = packages.map(
    ({ name, version }) => `P:${name}\nV:${version}\nA:x86_64\nT:${name}\nL:MIT\no:${name}\n`,
  );
  return {
    'etc/os-release': `ID=alpine\nVERSION_ID=${release}\n`,
    'etc/alpine-release': `${release}\n`,
    'lib/apk/db/installed': `${entries.join('\n')}\n`,
  };
}

/** What whoever builds an image writes into it. */
export type Built = { readonly labels?: Readonly<Record<string, string>>; readonly createdAt?: string };

/** Writes an image of these layers as an OCI layout. @returns the id of the image */
export function writeLayout(folder: string, layers: readonly Layer[], user = '', built: Built = {}): string {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (bytes: Buffer, mediaType: string) => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, hex), bytes);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const stored = layers.map((layer) => put(tarOf(layer), 'layer.v1.tar'));
  const config = put(
    json({
      architecture: 'amd64',
      os: 'linux',
      ...(built.createdAt === undefined ? {} : { created: built.createdAt }),
      config: {
        ...(user === '' ? {} : { User: user }),
        ...(built.labels === undefined ? {} : { Labels: built.labels }),
      },
      rootfs: { type: 'layers', diff_ids: stored.map(({ digest }) => digest) },
      history: stored.map((_, at) => ({ created_by: `layer ${at}` })),
    }),
    'config.v1+json',
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = put(json({ schemaVersion: 2, mediaType, config, layers: stored }), 'manifest.v1+json');
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: [manifest] }));
  return config.digest;
}

function tarOf(layer: Layer): Buffer {
  const files = Object.entries(layer).map(([name, data]) => ({ name, data, attrs: { mode: '644', mtime: 0 } }));
  return Buffer.from(createTar(files));
}
