import type { Command } from 'commander';
import { listDeadlines } from '../../flows/deadlines/list-deadlines.ts';
import { renderDeadlines } from '../../render/deadlines/text.ts';
import { jsonText } from '../../render/json-text.ts';
import { exitCodes } from '../failure.ts';
import { type HistoryOptions, withHistory } from '../open-history.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { oneOf } from '../shared-options.ts';
import { writtenOptions } from '../written-options.ts';

type Options = HistoryOptions & {
  readonly failOn: 'late' | 'never';
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
};

export function addDeadlinesCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('deadlines')
    .description('what findings are due in a release, by when, and whose turn it is')
    .option('--fleet <file>', 'only the repositories of a fleet file, with who answers for them')
    .option(
      '--fail-on <state>',
      'end with 1 when a finding is late: late or never',
      oneOf('--fail-on', ['late', 'never']),
      'never',
    )
    .option('--verbose', 'list findings without a fix, too')
    .option('--json', 'as JSON')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the instant to count from; default: now')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (options: Options) => {
      const result = await withHistory(options, listDeadlines);
      const { fleet, policy } = options;
      const view = {
        ...{ color: wantsColor(options.color), width: outputWidth(), verbose: options.verbose === true },
        again: writtenOptions([], { fleet, policy }),
        folder: process.cwd(),
      };
      print(options.json === true ? jsonText(result) : renderDeadlines(result, view));
      setExitCode(options.failOn === 'late' && result.late > 0 ? exitCodes.verdict : exitCodes.clean);
    });
}
