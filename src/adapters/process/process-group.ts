/** Groups that programs lead: one outlives whoever started it, and hears no Ctrl-C of a terminal. */
const running = new Set<number>();
// First of all: others take away what these still write to.
process.prependListener('exit', () => running.forEach(endGroup));

/** @param leader `undefined`: it never started. */
export function watchGroup(leader: number | undefined): void {
  if (leader !== undefined) running.add(leader);
}

export function forgetGroup(leader: number | undefined): void {
  if (leader !== undefined) running.delete(leader);
}

/** At once, with all that the leader started and that did not leave the group. */
export function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}
