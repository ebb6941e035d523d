import type { Command } from 'commander';
import { formatImages } from '../../render/images.ts';
import { print, wantsColor } from '../output.ts';
import { type CheckOptions, runCheck } from '../run-check.ts';
import { addRunOptions } from '../shared-options.ts';

type Options = CheckOptions & { readonly json?: boolean; readonly color?: boolean };

export function addImagesCommand(program: Command): void {
  const command = program
    .command('images')
    .description('list every image that source trees or files name, without judging them')
    .argument('[path...]', 'folders or files; default: the current folder')
    .option('--json', 'as JSON')
    .option('--changed-since <ref>', 'report only files changed since this git revision');
  addRunOptions(command)
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (paths: readonly string[], options: Options) => {
      const { result } = await runCheck(paths, options, { withBaseline: false });
      print(formatImages(result, { json: options.json === true, color: wantsColor(options.color) }));
    });
}
