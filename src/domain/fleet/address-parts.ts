/** The address of a repository around its path, as it was written. */
export type AddressParts = {
  /** `https://host/`, `git@host:` */
  readonly start: string;
  /** `acme/shop` */
  readonly path: string;
  /** `.git`, a slash, both or nothing. */
  readonly end: string;
};

/**
 * Takes an address apart, so that another repository of the same server can be named.
 *
 * @param text an address that `parseRepositoryUrl` takes.
 */
export function addressParts(text: string): AddressParts {
  const start = /^(?:[a-z]+:\/\/[^/]*\/*|[^/:]*:\/*)/i.exec(text)?.[0] ?? '';
  const end = /(?:\.git)?\/?$/.exec(text.slice(start.length))?.[0] ?? '';
  return { start, path: text.slice(start.length, text.length - end.length), end };
}
