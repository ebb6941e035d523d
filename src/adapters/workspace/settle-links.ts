import type { ListFilter, Refused } from '../../ports/workspace.ts';

export type LinkTarget =
  | { readonly kind: 'file'; readonly path: string }
  /** What lies in it is listed where it lies. */
  | { readonly kind: 'folder' }
  | { readonly kind: 'refused'; readonly reason: string };

export type Links = {
  /** Where a link leads in the end. */
  readonly follow: (path: string) => LinkTarget;
  /** Sorted. */
  readonly links: readonly string[];
  /** What is listed; links that stand for their target are added. */
  readonly files: Set<string>;
  readonly refusals: Refused[];
  readonly filter: ListFilter;
};

/** A link to a file of the tree is listed when nothing else that is wanted leads to that file. */
export function settleLinks({ follow, links, files, refusals, filter }: Links): void {
  const isWanted = (path: string) => filter.isWanted?.(path) ?? true;
  const followed = new Set<string>();
  for (const path of links) {
    const target = follow(path);
    if (target.kind === 'refused') {
      refusals.push({ path, reason: target.reason, severity: isWanted(path) ? 'error' : 'info' });
    } else if (target.kind === 'file' && !followed.has(target.path)) {
      if (!isWanted(path) || (files.has(target.path) && isWanted(target.path))) continue;
      followed.add(target.path);
      files.add(path);
    }
  }
}
