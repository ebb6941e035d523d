/** Labels that nobody made there, in one sentence; none for none. */
export function notesOnLabels(unknown: readonly string[]): readonly string[] {
  if (unknown.length === 0) return [];
  return [`there is no label ${unknown.join(', ')}`];
}
