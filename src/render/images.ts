import type { CheckResult } from '../flows/check-result.ts';
import { count, imageOf, placeOf } from './familiar.ts';
import { jsonText } from './json-text.ts';
import { palette } from './palette.ts';
import { table } from './table.ts';
import { short } from './visible.ts';

/** What `images` prints: the uses of every file, without the judgement. */
export function formatImages(
  result: CheckResult,
  options: { readonly json: boolean; readonly color: boolean },
): string {
  return options.json ? imagesJson(result) : imagesText(result, options.color);
}

function imagesJson({ version, now, files }: CheckResult): string {
  const listed = files.map(({ path, kind, problems, uses }) => ({
    path,
    kind,
    problems,
    uses: uses.map(({ reference, written, role, stage, line, column, endColumn, platform, missing }) => ({
      reference,
      written,
      role,
      stage,
      line,
      column,
      endColumn,
      platform,
      missing,
    })),
  }));
  const uses = files.flatMap((file) => file.uses);
  const images = new Set(uses.map(({ reference }) => reference));
  return jsonText({
    version,
    now,
    files: listed,
    summary: { files: files.length, uses: uses.length, images: images.size },
  });
}

function imagesText({ files }: CheckResult, color: boolean): string {
  const colors = palette(color);
  const named = files.filter(({ uses, problems }) => uses.length > 0 || problems.length > 0);
  const blocks = named.map(({ path, uses, problems }) => {
    const rows = uses.map((use) => {
      const missing =
        use.missing === undefined ? '' : `no value for ${use.missing.map((name) => short(name)).join(', ')}`;
      return [
        `  line ${use.line}`,
        imageOf(use),
        placeOf(use),
        use.platform === undefined ? missing : short(use.platform),
      ];
    });
    const notes = problems.map(
      ({ severity, line, message }) =>
        `  ${colors.verdict(severity)}  ${line > 0 ? `line ${line}: ` : ''}${short(message, 600)}`,
    );
    return [colors.strong(short(path)), ...notes, ...table(rows)].join('\n');
  });
  const uses = named.flatMap((file) => file.uses);
  const total = `${count(uses.length, 'use')} of ${count(new Set(uses.map(imageOf)).size, 'image')} in ${count(named.length, 'file')}`;
  return `${[...blocks, colors.strong(total)].join('\n\n')}\n`;
}
