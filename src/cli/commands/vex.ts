import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatOpenVex } from '../../domain/vulnerability/suppress/format-open-vex.ts';
import { jsonText } from '../../render/json-text.ts';
import { short } from '../../render/visible.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { print, writeWhole } from '../output.ts';
import { runVexExport, type VexExportOptions } from '../run-vex.ts';
import { addRunOptions } from '../shared-options.ts';
import { version } from '../version.ts';

type Options = VexExportOptions & { readonly author?: string; readonly output?: string; readonly json?: boolean };

const maxTold = 20;

export function addVexCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program.command('vex').description('what is said of findings, for others to read');
  const exporting = command
    .command('export')
    .description('write what VEX documents and waivers say of the scanned images as one OpenVEX document')
    .argument('[path...]', 'folders or files; default: the current folder')
    .option('--fleet <file>', 'the repositories that a fleet file lists, instead of folders')
    .option('--author <text>', "author of the document; default: vexAuthor of the organisation's policy file")
    .option('-o, --output <file>', 'write it to a file, whole or not at all')
    .option('--json', 'as JSON (it always is)');
  addRunOptions(exporting).action(async (paths: readonly string[], options: Options) => {
    if (options.fleet !== undefined && paths.length > 0)
      throw new UsageError('--fleet names the repositories: leave out the paths');
    const { author: own, now, statements, unread, isOfWorld } = await runVexExport(paths, options);
    const author = options.author ?? own;
    if (author === undefined || author.trim() === '')
      throw new UsageError(
        'a VEX document needs an author: write vexAuthor in the organisation’s policy file, or give --author',
      );
    const told = unread.slice(0, maxTold).map((one) => `not in the document: ${short(one, 600)}`);
    const more = unread.length > maxTold ? [`not in the document: ${unread.length - maxTold} more`] : [];
    const nothing =
      statements.length === 0
        ? [
            'nothing to export: no VEX statement and no waiver is about a finding of a scanned image; nothing was written',
          ]
        : [];
    for (const line of [...told, ...more, ...nothing]) process.stderr.write(`${line}\n`);
    if (statements.length > 0) {
      const document = jsonText(formatOpenVex(statements, { author, tooling: `basekeeper ${version()}`, now }));
      if (options.output === undefined) print(document);
      else writeWhole(resolve(options.output), document);
    }
    setExitCode(isOfWorld ? exitCodes.world : unread.length > 0 ? exitCodes.verdict : exitCodes.clean);
  });
}
