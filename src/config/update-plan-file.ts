import { asObject, type JsonObject, listMember, parseJsonObject, textMember } from '../domain/image/json-value.ts';

/** What of `update --json` is needed to make the change that it describes. */
export type PlannedTree = {
  /** As it was named. */
  readonly tree: string;
  readonly changes: readonly { readonly path: string; readonly before: string; readonly after: string }[];
};

/** @returns `undefined` for what is no output of `update --json`. */
export function parseUpdatePlan(text: string): readonly PlannedTree[] | undefined {
  const trees = listMember(parseJsonObject(text), 'trees');
  if (trees === undefined) return undefined;
  const planned = trees.map((tree) => parseTree(asObject(tree)));
  return planned.every((tree) => tree !== undefined) ? planned : undefined;
}

function parseTree(tree: JsonObject | undefined): PlannedTree | undefined {
  const [name, changes] = [textMember(tree, 'tree'), listMember(tree, 'changes')];
  if (name === undefined || changes === undefined) return undefined;
  const parsed = changes.map((change) => {
    const object = asObject(change);
    const [path, before, after] = ['path', 'before', 'after'].map((member) => textMember(object, member));
    return path === undefined || before === undefined || after === undefined ? undefined : { path, before, after };
  });
  return parsed.every((change) => change !== undefined) ? { tree: name, changes: parsed } : undefined;
}
