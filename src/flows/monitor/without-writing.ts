import type { Store } from '../../ports/store.ts';

/** The same ledger, to which nothing is added: for a dry run. Its cycle is never gone on with. */
export function withoutWriting(store: Store): Store {
  return {
    openCycle: async (_scope, at) => ({ id: 0, startedAt: at, isResumed: false }),
    closeCycle: async () => {},
    lastCycleAt: (scope) => store.lastCycleAt(scope),
    readImages: (images) => store.readImages(images),
    record: async () => {},
    listEvents: (filter) => store.listEvents(filter),
    listUnread: (limit, at) => store.listUnread(limit, at),
    close: () => store.close(),
  };
}
