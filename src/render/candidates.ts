import type { Candidates } from '../domain/candidates/candidate.ts';
import type { Palette } from './palette.ts';
import { table, wrap } from './table.ts';
import { short } from './visible.ts';

const shownReasons = 8;

/** The section of `explain` on the tags that were listed: what may follow, then why the others may not, counted. */
export function renderCandidates(
  { candidates, recommended, rejected }: Candidates,
  colors: Palette,
  width: number,
): string {
  const head = recommended === null ? 'Newer tags (none recommended):' : 'Newer tags:';
  const rows = candidates.map(({ lane, tag, repository, reasons }) => [
    `  ${lane}`,
    colors.strong(short(repository === undefined ? tag : `${repository}:${tag}`)),
    `${tag === recommended && repository === undefined ? 'recommended; ' : ''}${reasons.map((reason) => short(reason)).join('; ')}`,
  ]);
  const lines = candidates.length === 0 ? ['No newer tag may take its place.'] : [head, ...table(rows)];
  if (rejected.length === 0) return lines.join('\n');
  const counts = new Map<string, { count: number; example: string }>();
  for (const { tag, reason } of rejected) {
    const known = counts.get(reason);
    counts.set(reason, { count: (known?.count ?? 0) + 1, example: known?.example ?? tag });
  }
  const ordered = [...counts].toSorted(([one, a], [other, b]) => b.count - a.count || (one < other ? -1 : 1));
  const told = ordered
    .slice(0, shownReasons)
    .map(
      ([reason, { count, example }]) => `${short(reason)} (${count === 1 ? example : `${count}, such as ${example}`})`,
    );
  const rest = ordered.slice(shownReasons).reduce((sum, [, { count }]) => sum + count, 0);
  const text = `${rejected.length} rejected: ${[...told, ...(rest > 0 ? [`${rest} for other reasons`] : [])].join('; ')}`;
  return [...lines, ...wrap(text, width, '  ').split('\n').map(colors.faint)].join('\n');
}
