import type { Command } from 'commander';
import type { Cadence } from '../../domain/monitor/next-due.ts';
import { isRefused } from '../../flows/act/act-result.ts';
import { keepWatching } from '../../flows/monitor/keep-watching.ts';
import type { MonitorResult } from '../../flows/monitor/monitor-result.ts';
import { jsonLine, jsonText } from '../../render/json-text.ts';
import { renderMonitor } from '../../render/monitor/text.ts';
import { currentTime, pause } from '../../wiring/clock.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { type MonitorOptions, openMonitor } from '../run-monitor.ts';
import { addRunOptions, oneOf } from '../shared-options.ts';

type Options = MonitorOptions & {
  readonly once?: boolean;
  readonly every?: Cadence;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
};

export function addMonitorCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('monitor')
    .description('ask the registries what is new: moved tags, new versions, ended lines')
    .argument('[path...]', 'folders or files; default: the current folder')
    .option('--fleet <file>', 'the repositories that a fleet file lists, instead of folders')
    .option('--once', 'one cycle, then end (the default)')
    .option(
      '--every <cadence>',
      'go on for ever, each tag at its own time: daily or weekly',
      oneOf('--every', ['daily', 'weekly']),
    )
    .option('--dry-run', 'ask and print, and write nothing down')
    .option('--max-reads <number>', 'contents read per cycle besides those of moved tags', '100')
    .option('--scan', 'also have the images scanned for known vulnerabilities, each content once')
    .option(
      '--known-exploited <place>',
      'with --scan: file or https address of the list of known exploited vulnerabilities, as CISA publishes it',
    )
    .option(
      '--act',
      'with --scan: open the update of a CRITICAL finding at once; ask for a release where its tag moved and the policy file names what makes one',
    )
    .option('--json', 'as JSON; with --every one line a cycle')
    .option('--verbose', 'list images of which there is nothing to say, too');
  addRunOptions(command)
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (paths: readonly string[], options: Options) => {
      if (options.fleet !== undefined && paths.length > 0)
        throw new UsageError('--fleet names the repositories: leave out the paths');
      if (options.once === true && options.every !== undefined)
        throw new UsageError('--once and --every exclude each other');
      if (options.knownExploited !== undefined && options.scan !== true)
        throw new UsageError('--known-exploited changes deadlines, which --scan counts: add --scan');
      if (options.act === true && options.scan !== true)
        throw new UsageError('--act goes with --scan: without it nobody knows what is in the images');
      const view = { color: wantsColor(options.color), width: outputWidth(), verbose: options.verbose === true };
      const monitor = await openMonitor(paths, options, options.every);
      try {
        if (options.every === undefined) {
          const result = await monitor.cycle();
          print(options.json === true ? jsonText(result) : renderMonitor(result, view));
          setExitCode(exitCodeOf(result));
          return;
        }
        await keepWatching(
          monitor.cycle,
          (result, nextAt) => {
            if (options.json === true) print(jsonLine(result));
            else if (result.asked > 0 || (result.acted?.repositories.length ?? 0) > 0)
              print(`${renderMonitor(result, view)}\nNext look at ${nextAt}.\n`);
          },
          { clock: currentTime, wait: pause },
        );
      } finally {
        await monitor.close();
      }
    });
}

/** What the world kept from us weighs more than a file that somebody has to mend. */
function exitCodeOf({ verified, problems, scans, acted }: MonitorResult): number {
  const isUnscanned = scans?.images.some(({ scan }) => scan.kind !== 'scanned') === true;
  const isUndone = acted !== undefined && isRefused(acted);
  if (verified.count < verified.of || isUnscanned || isUndone || problems.some(({ kind }) => kind === 'world'))
    return exitCodes.world;
  return problems.length > 0 ? exitCodes.verdict : exitCodes.clean;
}
