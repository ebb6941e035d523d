import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { reportPatching } from '../../flows/deadlines/report-patching.ts';
import { type PatchFormat, type PatchTable, patchFormats, patchTables } from '../../render/patching/formats.ts';
import { UsageError } from '../failure.ts';
import { type HistoryOptions, withHistory } from '../open-history.ts';
import { printAll, writeWholeBy } from '../output.ts';
import { instantOf } from '../run-options.ts';
import { oneOf } from '../shared-options.ts';

type Options = HistoryOptions & {
  readonly since?: string;
  readonly format: PatchFormat;
  readonly of?: PatchTable;
  readonly output?: string;
};

const formats = Object.keys(patchFormats);
const tables = Object.keys(patchTables);
const defaultDays = 90;

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('how patching went, by whose delay, and how base images stand by the policy')
    .option('--since <date>', `what was closed before is left out; default: ${defaultDays} days ago`)
    .option('--format <format>', formats.join(', '), oneOf('--format', formats), 'text')
    .option('--of <table>', `of CSV: ${tables.join(' or ')}; default: episodes`, oneOf('--of', tables))
    .option('-o, --output <file>', 'write it to a file, whole or not at all')
    .option('--fleet <file>', 'only the repositories of a fleet file, with who answers for them')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the instant to count from; default: now')
    .action(async (options: Options) => {
      if (options.of !== undefined && options.format !== 'csv')
        throw new UsageError('--of chooses a table of CSV: add --format csv; the other formats have all of them');
      // Here what is made stays until the end: with the small nursery of main.ts two thirds of a long report were garbage collection.
      setFlagsFromString('--semi-space-growth-factor=2');
      const report = await withHistory(options, (history, settings, _cycles, looks) => {
        const since = sinceOf(options.since, settings.now);
        return reportPatching(history, { ...settings, since }, looks);
      });
      const write = options.of === undefined ? patchFormats[options.format] : patchTables[options.of];
      const pieces = joined(write(report));
      const writeTo = async (take: (text: string) => Promise<void>) => {
        for (const piece of pieces) await take(piece);
      };
      if (options.output === undefined) await writeTo(printAll);
      else await writeWholeBy(resolve(options.output), writeTo);
    });
}

const pieceLength = 1 << 20;

/** Each write costs as much as a thousand lines of it. */
function* joined(texts: Iterable<string>): Generator<string> {
  let [piece, length]: [string[], number] = [[], 0];
  for (const text of texts) {
    piece.push(text);
    length += text.length;
    if (length < pieceLength) continue;
    yield piece.join('');
    [piece, length] = [[], 0];
  }
  yield piece.join('');
}

function sinceOf(option: string | undefined, now: number): number {
  if (option === undefined) return now - defaultDays * 86_400_000;
  const since = Date.parse(instantOf(option, '--since'));
  if (since >= now) throw new UsageError(`--since ${JSON.stringify(option)} is not before the instant of the report`);
  return since;
}
