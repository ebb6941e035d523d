import { type DocumentNode, type Entry, entriesOf, itemsOf, type MapNode, nodeAt } from './document-node.ts';

const maxDepth = 20;
/** Bounds what `inherits` lists can multiply to. */
const maxMerges = 10_000;

/** The targets in order, each with what it inherits: later parents win over earlier ones, its own keys over all. */
export function bakeTargets(targets: DocumentNode | undefined): readonly (readonly [string, MapNode, number])[] {
  const byName = new Map<string, MapNode>();
  for (const [name, node] of entriesOf(targets)) {
    // The JSON form of HCL may write a block as a list of its parts.
    for (const part of itemsOf(node)) {
      if (part.kind === 'map') byName.set(name, overlay(byName.get(name), part));
    }
  }
  const budget = { merges: maxMerges };
  return [...byName].map(([name, target]) => [name, inherit(target, byName, budget, maxDepth), target.line] as const);
}

function inherit(
  target: MapNode,
  byName: ReadonlyMap<string, MapNode>,
  budget: { merges: number },
  left: number,
): MapNode {
  let inherited: MapNode | undefined;
  for (const item of itemsOf(nodeAt(target, 'inherits'))) {
    const parent = item.kind === 'scalar' ? byName.get(item.traced.text) : undefined;
    if (parent === undefined || left === 0 || budget.merges-- <= 0) continue;
    inherited = overlay(inherited, inherit(parent, byName, budget, left - 1));
  }
  return inherited === undefined ? target : overlay(inherited, target);
}

/** `over` wins key by key; `args` and `contexts` are joined. */
function overlay(base: MapNode | undefined, over: MapNode): MapNode {
  if (base === undefined) return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const before = base.entries.get(key)?.value;
    const isJoined = (key === 'args' || key === 'contexts') && before?.kind === 'map' && entry.value.kind === 'map';
    const value =
      isJoined && entry.value.kind === 'map' ? { ...entry.value, entries: joined(before, entry.value) } : entry.value;
    entries.set(key, { ...entry, value });
  }
  return { ...over, entries };
}

function joined(base: MapNode, over: MapNode): ReadonlyMap<string, Entry> {
  return new Map([...base.entries, ...over.entries]);
}
