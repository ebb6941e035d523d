import { familiarReference, formatReference, parseReference, type Reference, repositoryName } from './reference.ts';

/**
 * Another reference as a file would write it that writes this one: a mirror stays a mirror, `library/` stays.
 *
 * @param expanded what the file writes now, variables expanded.
 * @param actual what that means, after aliases.
 * @param wanted what it is to mean.
 */
export function writtenForm(expanded: string, actual: Reference, wanted: Reference): string {
  const suffix = formatReference(wanted).slice(repositoryName(wanted).length);
  const name = expanded.slice(0, endOfName(expanded));
  if (repositoryName(actual) === repositoryName(wanted)) return name + suffix;
  const mirrored = onMirror(name, repositoryName(actual), repositoryName(wanted));
  return mirrored === undefined ? familiarReference(wanted) : mirrored + suffix;
}

/** Where tag or digest begin: at `@`, or at the colon behind the last slash. */
function endOfName(expanded: string): number {
  const at = expanded.indexOf('@');
  const name = at < 0 ? expanded : expanded.slice(0, at);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? name.length : colon;
}

/** The neighbour of a mirrored repository on the same mirror; `undefined` where nothing is mirrored, or not the neighbour. */
function onMirror(name: string, actual: string, wanted: string): string | undefined {
  const parsed = parseReference(name);
  if (parsed.kind === 'invalid' || repositoryName(parsed.reference) === actual) return undefined;
  const written = name.split('/');
  const meant = actual.split('/');
  while (written.length > 1 && meant.length > 1 && written.at(-1) === meant.at(-1)) {
    written.pop();
    meant.pop();
  }
  const mirrored = `${meant.join('/')}/`;
  return wanted.startsWith(mirrored) ? `${written.join('/')}/${wanted.slice(mirrored.length)}` : undefined;
}
