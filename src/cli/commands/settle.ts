import type { Command } from 'commander';
import { settleExitCode } from '../../flows/merge/settle-result.ts';
import { jsonText } from '../../render/json-text.ts';
import { renderSettled } from '../../render/merge/settled.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { runSettle, type SettleOptions } from '../run-settle.ts';
import { addRunOptions } from '../shared-options.ts';

type Options = SettleOptions & { readonly json?: boolean; readonly color?: boolean };

export function addSettleCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('settle')
    .description('wait for the checks of our pull requests, merge what may be merged, and ask people about the rest')
    .argument('[place...]', 'addresses of repositories, or folders of their work trees; default: the current folder')
    .option('--fleet <file>', 'every repository that a fleet file lists')
    .option('--wait <duration>', 'how long this run waits for checks: 90s, 15m, 2h; default: it looks once')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--json', 'as JSON');
  addRunOptions(command)
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (paths: readonly string[], options: Options) => {
      if (options.fleet !== undefined && paths.length > 0)
        throw new UsageError('--fleet names the repositories: leave out the places');
      const result = await runSettle(paths, options);
      const view = { color: wantsColor(options.color), width: outputWidth() };
      print(options.json === true ? jsonText(result) : renderSettled(result, view));
      setExitCode(settleExitCode(result) === 0 ? exitCodes.clean : exitCodes.world);
    });
}
