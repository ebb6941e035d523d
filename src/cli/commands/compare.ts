import type { Command } from 'commander';
import { readBounded } from '../../config/read-bounded.ts';
import { parseReport } from '../../domain/vulnerability/parse-report.ts';
import { compare } from '../../flows/compare.ts';
import type { NamedScan } from '../../flows/originate.ts';
import { renderComparison } from '../../render/compare/text.ts';
import { jsonText } from '../../render/json-text.ts';
import { UsageError } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';

type Options = {
  readonly base?: readonly string[];
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
};

/** Reports of images with tens of thousands of packages are some tens of megabytes. */
const maxReportBytes = 256 * 1024 * 1024;

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('set the scans of two images beside each other: what is fixed, what remains, what is added')
    .argument('<before>', 'a report of Trivy or Grype in JSON')
    .argument('<after>', 'another one, made with the same database')
    .option(
      '--base <report>',
      'a report of the base that they are built on: tells its findings from those of the application; may be repeated',
      (base: string, others: readonly string[] = []) => [...others, base],
    )
    .option('--verbose', 'list all findings and packages')
    .option('--json', 'as JSON')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (before: string, after: string, options: Options) => {
      const bases = await Promise.all((options.base ?? []).map(readReport));
      const result = compare(await readReport(before), await readReport(after), bases);
      if (options.json === true) return print(jsonText(result));
      const view = { color: wantsColor(options.color), width: outputWidth(), verbose: options.verbose === true };
      return print(renderComparison(result, view));
    });
}

async function readReport(path: string): Promise<NamedScan> {
  const read = await readBounded(path, maxReportBytes);
  if (read.kind === 'missing') throw new UsageError(`there is no file ${path}: name a report of Trivy or Grype`);
  if (read.kind !== 'text') throw new UsageError(`${path} ${read.reason}`);
  const reading = parseReport(read.text);
  if (reading.kind === 'refused') throw new UsageError(`${path} ${reading.reason}`);
  return { source: path, scan: reading.scan };
}
