import { join } from 'node:path';
import { debianLayer, type Layer, writeLayout } from '../../test/fakes/os-image/os-image.ts';
import { scannedImages } from '../../test/fakes/os-image/scanned-images.ts';
import { type BuiltImage, digestOf } from '../../test/fakes/registry/build-image.ts';
import { readLayout } from '../../test/fakes/registry/read-layout.ts';

/** As many packages as a slim Debian has. */
const packagesPerBase = 90;

/**
 * Bases of which no two are the same content. A scanner that only plays knows the packages of one image: its bases differ in an
 * annotation of the manifest.
 */
export function baseImages(folder: string, count: number, isReal: boolean): readonly BuiltImage[] {
  return Array.from({ length: count }, (_, at) => {
    const place = join(folder, 'layouts', `${at}`);
    writeLayout(place, isReal ? [debianOf(at)] : scannedImages.old.layers);
    const image = readLayout(place);
    return isReal ? image : annotated(image, `${at}`);
  });
}

/** A fifth of its packages are below a fix that the first database knows. */
function debianOf(at: number): Layer {
  const packages = Array.from({ length: packagesPerBase }, (_, number) => ({
    name: `package-${number}`,
    version: number % 5 === 0 ? `1.0-${at}` : `2.0-${at}`,
  }));
  return debianLayer('12.12', packages);
}

function annotated(image: BuiltImage, text: string): BuiltImage {
  const manifest = { ...JSON.parse(image.manifest.bytes.toString('utf8')), annotations: { bench: text } };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return { ...image, manifest: { ...image.manifest, bytes, digest: digestOf(bytes) } };
}
