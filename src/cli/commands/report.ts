import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { reportPatching } from '../../flows/deadlines/report-patching.ts';
import { type PatchFormat, patchFormats } from '../../render/patching/formats.ts';
import { UsageError } from '../failure.ts';
import { type HistoryOptions, withHistory } from '../open-history.ts';
import { print, writeWhole } from '../output.ts';
import { instantOf } from '../run-options.ts';
import { oneOf } from '../shared-options.ts';

type Options = HistoryOptions & {
  readonly since?: string;
  readonly format: PatchFormat;
  readonly output?: string;
};

const formats = Object.keys(patchFormats);
const defaultDays = 90;

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('how patching went: in time or late, and by whose delay')
    .option('--since <date>', `what was closed before is left out; default: ${defaultDays} days ago`)
    .option('--format <format>', formats.join(', '), oneOf('--format', formats), 'text')
    .option('-o, --output <file>', 'write it to a file, whole or not at all')
    .option('--fleet <file>', 'only the repositories of a fleet file, with who answers for them')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the instant to count from; default: now')
    .action(async (options: Options) => {
      // Here what is made stays until the end: with the small nursery of main.ts two thirds of a long report were garbage collection.
      setFlagsFromString('--semi-space-growth-factor=2');
      const report = await withHistory(options, (history, settings) => {
        const since = sinceOf(options.since, settings.now);
        return reportPatching(history, { ...settings, since });
      });
      const written = patchFormats[options.format](report);
      if (options.output === undefined) print(written);
      else writeWhole(resolve(options.output), written);
    });
}

function sinceOf(option: string | undefined, now: number): number {
  if (option === undefined) return now - defaultDays * 86_400_000;
  const since = Date.parse(instantOf(option, '--since'));
  if (since >= now) throw new UsageError(`--since ${JSON.stringify(option)} is not before the instant of the report`);
  return since;
}
