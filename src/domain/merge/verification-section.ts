/** No section of ours is longer: what a text has to leave room for. */
export const maxVerificationLength = 8000;

const start = '<!-- basekeeper-verification -->';
const end = '<!-- /basekeeper-verification -->';

/**
 * The text of a pull request with what was found of it: in place of what an earlier run wrote, else before the hidden marker at
 * its end.
 *
 * @param section Markdown, without these marks.
 */
export function withVerification(body: string, section: string): string {
  const text = `${start}\n${section.trim()}\n${end}`;
  const from = body.indexOf(start);
  const to = from < 0 ? -1 : body.indexOf(end, from);
  if (to >= 0) return body.slice(0, from) + text + body.slice(to + end.length);
  const marker = body.lastIndexOf('<!-- basekeeper {');
  if (marker < 0) return `${body.trimEnd()}\n\n${text}\n`;
  return `${body.slice(0, marker).trimEnd()}\n\n${text}\n\n${body.slice(marker)}`;
}
