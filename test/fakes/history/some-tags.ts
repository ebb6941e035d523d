import type { History, RepositoryHistory } from './history.ts';

/** A history of some tags alone. What they are built on has to be among them to move. @param isKept of `node:22-slim` */
export function someTags({ repos }: History, isKept: (name: string) => boolean): History {
  const kept = Object.entries(repos).flatMap(([repository, one]) => {
    const own = withTags(one, (tag) => isKept(`${repository}:${tag}`));
    return own.events.length === 0 ? [] : [[repository, own] as const];
  });
  return { repos: Object.fromEntries(kept) };
}

function withTags({ entries, events }: RepositoryHistory, isKept: (tag: string) => boolean): RepositoryHistory {
  const kept = events.flatMap(({ at, set = {}, del = [] }) => {
    const own = Object.entries(set).flatMap(([id, tags]) => {
      const some = tags.filter(isKept);
      return some.length === 0 ? [] : [[id, some] as const];
    });
    const dropped = del.filter(isKept);
    return own.length + dropped.length === 0 ? [] : [{ at, set: Object.fromEntries(own), del: dropped }];
  });
  return { entries, events: kept };
}
