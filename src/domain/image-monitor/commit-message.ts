import { familiarReference } from '../image/reference.ts';
import type { DecidedImage } from './state-changes.ts';

// git and forges cut longer subjects.
const maxSubject = 72;

/**
 * The message of the commit that makes a release happen: `chore(deps): rebuild for node:24-alpine`, with the digests below.
 * References are of letters, digits and few signs, so no line of it can be anybody else's.
 *
 * @param updates at least one
 */
export function commitMessage(prefix: string, updates: readonly Pick<DecidedImage, 'image' | 'seen'>[]): string {
  const names = updates.map(({ image }) => familiarReference(image.reference));
  const all = `${prefix}: rebuild for ${names.join(', ')}`;
  const subject = all.length <= maxSubject ? all : `${prefix}: rebuild for ${names.length} moved base images`;
  const lines = updates.map(({ image, seen }) => `${familiarReference(image.reference)} is now ${seen}`);
  return `${subject}\n\n${lines.join('\n')}\n`;
}

/** Letters, an optional scope, an optional `!`: what semantic-release and its like read as a type. */
export function isCommitPrefix(text: string): boolean {
  return /^[A-Za-z][\w-]{0,29}(?:\([\w ./,-]{1,40}\))?!?$/.test(text);
}
