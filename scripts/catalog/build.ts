// Renews src/catalog/data from the folder that BASEKEEPER_DATA names. See docs/catalog.md.
import { join } from 'node:path';
import { distrolessImages } from './distroless.ts';
import { dotnetImages } from './dotnet.ts';
import { lifeCycles } from './life-cycles.ts';
import { officialImages } from './official.ts';
import { typicalSizes } from './sizes.ts';
import { writeLines } from './write-lines.ts';

const folder = process.env['BASEKEEPER_DATA'];
if (folder === undefined) {
  console.error('BASEKEEPER_DATA is not set: name the folder with the source data, see docs/catalog.md');
  process.exit(2);
}
const target = join(import.meta.dirname, '..', '..', 'src', 'catalog', 'data');
writeLines(join(target, 'official.json'), officialImages(folder));
writeLines(join(target, 'dotnet.json'), dotnetImages(folder));
writeLines(join(target, 'distroless.json'), distrolessImages(folder));
writeLines(join(target, 'life-cycles.json'), lifeCycles(folder));
writeLines(join(target, 'sizes.json'), typicalSizes(folder));
