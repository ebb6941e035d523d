import type { Lifecycle } from '../catalog/image-facts.ts';
import type { Digest } from '../image/manifest.ts';
import type { Category } from '../policy/category.ts';

/** What is known of one image, old or new, for whoever has to decide. Absent: nobody could tell. */
export type ImageEvidence = {
  readonly category?: Category;
  /** The line of the product, with its end. */
  readonly lifecycle?: Lifecycle;
  /** `Debian 12 (bookworm)`. */
  readonly osRelease?: string;
  readonly digest?: Digest;
  /** Compressed; of the platforms in use. */
  readonly sizes: readonly { readonly platform: string; readonly sizeBytes: number }[];
  /** ISO 8601: when the tag was pushed, else when the image was made. */
  readonly publishedAt?: string;
};
