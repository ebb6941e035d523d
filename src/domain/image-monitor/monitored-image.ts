import type { Reference } from '../image/reference.ts';

/** One tag whose rebuilds are followed. */
export type MonitoredImage = {
  /** As reports and outputs call it; one of a kind. */
  readonly name: string;
  readonly reference: Reference & { readonly tag: string };
  /** Under this name its digest is kept: `NODE_LTS_DIGEST`. */
  readonly variable: string;
  readonly description?: string;
  /** Compared when the tag moves; empty: all that it has. */
  readonly platforms: readonly string[];
};

/** Where the run that has yet to confirm a digest is kept. */
export function pendingVariable(variable: string): string {
  return `${variable}_PENDING`;
}
