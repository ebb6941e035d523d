/**
 * Whether git would take this as the name of a branch.
 *
 * Stricter than git in nothing but length: it goes into a refspec, where `:`, `*` and `+` mean something.
 *
 * @see git-check-ref-format(1)
 */
export function isBranchName(text: string): boolean {
  if (text === '' || text === '@' || text.length > 250 || text.startsWith('-')) return false;
  if (/[\0-\x20\x7f~^:?*[\\]/.test(text) || text.includes('..') || text.includes('@{')) return false;
  const isPart = (part: string) =>
    part !== '' && !part.startsWith('.') && !part.endsWith('.') && !part.endsWith('.lock');
  return text.split('/').every(isPart);
}
