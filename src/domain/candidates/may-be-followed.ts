import type { Catalog } from '../catalog/catalog.ts';
import { findProfile } from './profile.ts';

/** Whether a list of tags can tell anything about a tag: `latest` and `bookworm-slim` of node name nothing to compare. */
export function mayBeFollowed(image: string, tag: string, catalog: Catalog): boolean {
  const { numbers, date } = findProfile(image, tag, catalog).read(tag);
  return numbers.length > 0 || date !== '';
}
