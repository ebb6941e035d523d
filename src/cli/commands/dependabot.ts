import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type DependabotResult, dependabotExitCode } from '../../flows/dependabot/plan-dependabot.ts';
import { renderDependabot } from '../../render/dependabot.ts';
import { jsonText } from '../../render/json-text.ts';
import { fileDiff } from '../../render/update/diff.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { isOnTerminal, outputWidth, print, wantsColor } from '../output.ts';
import { judgeRepository, withLabelsChecked, writePlanned, writeWithLabels } from '../run-dependabot.ts';
import type { RunOptions } from '../run-options.ts';
import { addRunOptions } from '../shared-options.ts';
import { writtenOptions } from '../written-options.ts';

type Options = RunOptions & { readonly json?: boolean; readonly diff?: boolean; readonly color?: boolean };
type CheckOptions = Options & { readonly online?: boolean };
type WriteOptions = Options & { readonly createLabels?: boolean };

const codes = { 0: exitCodes.clean, 1: exitCodes.verdict, 3: exitCodes.world } as const;

export function addDependabotCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('dependabot')
    .description('hold .github/dependabot.yml against the images of a repository and its policy');
  const finish = (path: string, result: DependabotResult, options: Options) => {
    const color = wantsColor(options.color);
    if (options.json === true) print(jsonText(result));
    else if (options.diff !== true || result.problems.length > 0)
      print(renderDependabot(result, { color, width: outputWidth(), command: again(path, options) }));
    else if (result.change !== undefined)
      print(fileDiff({ path: result.path, ...result.change }, { color, harmless: isOnTerminal() }));
    setExitCode(codes[dependabotExitCode(result)]);
  };
  addOptions(command.command('check').description('say what is missing, superfluous, invalid or against the policy'))
    .option(
      '--online',
      'also ask the forge of origin which labels the repository lacks; exit 3 when it does not answer',
    )
    .action(async (path: string, options: CheckOptions) => {
      const plan = await judgeRepository(path, options);
      finish(path, options.online === true ? await withLabelsChecked(path, plan, options) : plan, options);
    });
  addOptions(
    command
      .command('write')
      .description('mend it, and leave everything else in it as it is; make it where there is none'),
  )
    .option('--diff', 'print the change as a unified diff instead of making it')
    .option(
      '--create-labels',
      'also create the labels of update.labels that the repository lacks, on the forge of origin',
    )
    .action(async (path: string, options: WriteOptions) => {
      const { diff, createLabels } = options;
      if (diff === true && createLabels === true)
        throw new UsageError('--diff changes nothing and --create-labels does: leave one of them out');
      const plan = await judgeRepository(path, options);
      if (diff === true) finish(path, plan, options);
      else if (createLabels === true) finish(path, await writeWithLabels(resolve(path), plan, options), options);
      else finish(path, await writePlanned(resolve(path), plan), options);
    });
}

function addOptions(command: Command): Command {
  return addRunOptions(command.argument('[path]', 'the root of a repository; default: the current folder', '.'))
    .option('--json', 'as JSON')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not');
}

function again(path: string, { policy, platform, buildArg, now }: Options): string {
  return writtenOptions(path === '.' ? [] : [path], { policy, platform, buildArg, now });
}
