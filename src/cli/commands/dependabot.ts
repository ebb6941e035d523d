import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type DependabotResult, dependabotExitCode } from '../../flows/dependabot/plan-dependabot.ts';
import { renderDependabot } from '../../render/dependabot.ts';
import { jsonText } from '../../render/json-text.ts';
import { fileDiff } from '../../render/update/diff.ts';
import { exitCodes } from '../failure.ts';
import { isOnTerminal, outputWidth, print, wantsColor } from '../output.ts';
import { judgeRepository, writePlanned } from '../run-dependabot.ts';
import type { RunOptions } from '../run-options.ts';
import { addRunOptions } from '../shared-options.ts';
import { writtenOptions } from '../written-options.ts';

type Options = RunOptions & { readonly json?: boolean; readonly diff?: boolean; readonly color?: boolean };

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
    setExitCode(dependabotExitCode(result) === 0 ? exitCodes.clean : exitCodes.verdict);
  };
  addOptions(
    command.command('check').description('say what is missing, superfluous, invalid or against the policy'),
  ).action(async (path: string, options: Options) => finish(path, await judgeRepository(path, options), options));
  addOptions(
    command
      .command('write')
      .description('mend it, and leave everything else in it as it is; make it where there is none'),
  )
    .option('--diff', 'print the change as a unified diff instead of making it')
    .action(async (path: string, options: Options) => {
      const plan = await judgeRepository(path, options);
      finish(path, options.diff === true ? plan : await writePlanned(resolve(path), plan), options);
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
