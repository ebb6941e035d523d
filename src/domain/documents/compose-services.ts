import { type DocumentNode, type Entry, entriesOf, type MapNode, mapAt, textAt } from './document-node.ts';

const maxChain = 20;

/** The services of a file in order, with what they inherit by `extends` from services of the same file. */
export function composeServices(services: MapNode | undefined): readonly (readonly [string, DocumentNode, number])[] {
  return entriesOf(services).map(
    ([name, service, line]) => [name, inherit(service, services, maxChain), line] as const,
  );
}

function inherit(service: DocumentNode, services: MapNode | undefined, left: number): DocumentNode {
  const name = textAt(service, 'extends') ?? textAt(service, 'extends', 'service');
  const isHere = textAt(service, 'extends', 'file') === undefined;
  const base = name === undefined || !isHere || left === 0 ? undefined : mapAt(services, name);
  if (base === undefined || base === service || service.kind !== 'map') return service;
  const inherited = inherit(base, services, left - 1);
  return inherited.kind === 'map' ? overlay(inherited, service, ['build']) : service;
}

/** `over` wins key by key; the maps under `deep` keys are joined, and so is `args` in `build`. */
function overlay(base: MapNode, over: MapNode, deep: readonly string[]): MapNode {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const before = base.entries.get(key)?.value;
    const isJoined = deep.includes(key) && before?.kind === 'map' && entry.value.kind === 'map';
    entries.set(key, isJoined ? { ...entry, value: overlay(before, entry.value, ['args']) } : entry);
  }
  return { ...over, entries };
}
