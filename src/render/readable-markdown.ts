import { table, wrap } from './table.ts';

/**
 * Markdown for a terminal, a line each: tables as aligned columns, prose and items wrapped, digests cut. Everything else stays as it was
 * written. What a terminal would obey has to be made visible before.
 */
export function readableMarkdown(lines: readonly string[], width: number): readonly string[] {
  const shown: string[] = [];
  let isCode = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('```')) isCode = !isCode;
    const rows = isCode ? 0 : rowsFrom(lines, at);
    if (rows > 0) {
      shown.push(...columns(lines.slice(at, at + rows)));
      at += rows - 1;
    } else shown.push(isCode ? line : wrapped(withCutDigests(line), width));
  }
  return shown;
}

const ruleForm = /^\|[ :|-]+\|\s*$/;

/** A table has a line under its head; what merely stands between bars is prose. */
function rowsFrom(lines: readonly string[], start: number): number {
  if (!ruleForm.test(lines[start + 1] ?? '')) return 0;
  let end = start;
  while (/^\|.*\|\s*$/.test(lines[end] ?? '')) end += 1;
  return end - start;
}

function columns(rows: readonly string[]): readonly string[] {
  const cells = rows
    .filter((row) => !ruleForm.test(row))
    .map((row) =>
      row
        .trim()
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => withCutDigests(cell.trim())),
    );
  return table(cells).map((line) => `  ${line}`);
}

function withCutDigests(text: string): string {
  return text.replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…');
}

function wrapped(line: string, width: number): string {
  const [mark = ''] = /^ {0,12}[-*] (?=\S)/.exec(line) ?? [];
  const hanging = ' '.repeat(mark.length);
  return mark + wrap(line.slice(mark.length), width, hanging).slice(hanging.length);
}
