/** What the graph needs of a stage: whom it is built FROM, and whom it copies from or mounts. Both point at earlier stages. */
export type StageLinks = { readonly from: number | undefined; readonly copiesFrom: readonly number[] };

export type StageRole = 'final' | 'build' | 'unreachable';

/**
 * The role of each stage, seen from the targets: `final` along their FROM chains, `build` for all else that they need.
 * Linear in stages and links.
 */
export function stageRoles(stages: readonly StageLinks[], targets: readonly number[]): readonly StageRole[] {
  const roles: StageRole[] = stages.map(() => 'unreachable');
  const open: number[] = [];
  for (const target of targets) {
    let index: number | undefined = target;
    while (index !== undefined && roles[index] === 'unreachable') {
      roles[index] = 'final';
      open.push(index);
      index = stages[index]?.from;
    }
  }
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const stage = stages[index];
    if (stage === undefined) continue;
    for (const needed of stage.from === undefined ? stage.copiesFrom : [...stage.copiesFrom, stage.from]) {
      if (roles[needed] !== 'unreachable') continue;
      roles[needed] = 'build';
      open.push(needed);
    }
  }
  return roles;
}
