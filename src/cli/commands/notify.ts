import type { Command } from 'commander';
import { jsonText } from '../../render/json-text.ts';
import { renderNotices } from '../../render/notices/text.ts';
import { exitCodes } from '../failure.ts';
import { print, wantsColor } from '../output.ts';
import { type NotifyOptions, runNotify } from '../run-notify.ts';

type Options = NotifyOptions & { readonly json?: boolean; readonly color?: boolean };

export function addNotifyCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('notify')
    .description(
      'tell teams once what is due, late or about to end: by webhook, Slack, Teams or mail; keep their issues up to date',
    )
    .requiredOption('--fleet <file>', 'the fleet file, whose `notify` says whom to tell how')
    .option('--dry-run', 'show the messages; send and write nothing')
    .option('--json', 'as JSON')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the fleet file')
    .option('--now <instant>', 'the instant to count from; default: now')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (options: Options) => {
      const result = await runNotify(options);
      print(options.json === true ? jsonText(result) : renderNotices(result, wantsColor(options.color)));
      const isUntold = result.messages.some(({ state }) => state === 'failed' || state === 'waiting');
      setExitCode(isUntold || result.problems.length > 0 ? exitCodes.world : exitCodes.clean);
    });
}
