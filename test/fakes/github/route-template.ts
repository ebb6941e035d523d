export type RouteTemplate = { readonly route: string; readonly method: string; readonly parts: readonly string[] };

/** @param route `GET /repos/{owner}/{repo}` */
export function templateOf(route: string): RouteTemplate {
  const [method = '', template = ''] = route.split(' ');
  return { route, method, parts: template.split('/') };
}

// The last place of these takes the slashes too.
const open = ['{path}', '{ref}'];

/** What stands in the places of a template, decoded; `undefined` for an address of another. */
export function placesIn(parts: readonly string[], pathname: string): ReadonlyMap<string, string> | undefined {
  let given = pathname.split('/');
  if (open.includes(parts.at(-1) ?? '') && given.length > parts.length)
    given = [...given.slice(0, parts.length - 1), given.slice(parts.length - 1).join('/')];
  if (parts.length !== given.length) return undefined;
  const places = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const text = decodeURIComponent(given[index] ?? '');
    if (part.startsWith('{')) places.set(part.slice(1, -1), text);
    else if (part !== text) return undefined;
  }
  return places;
}
