import type { Command } from 'commander';
import { readEnvironment } from '../../config/environment.ts';
import { allRules } from '../../domain/policy/rules/all-rules.ts';
import { checkExitCode, type FailOn, type UnknownAs } from '../../flows/exit-code.ts';
import type { Format } from '../../render/format.ts';
import { findFormat, formats } from '../../render/formats.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { outputWidth, print, wantsColor, writeWhole } from '../output.ts';
import { type CheckOptions, type CheckRun, relocate, runCheck } from '../run-check.ts';
import { addRunOptions, oneOf, repeated } from '../shared-options.ts';
import { writtenOptions } from '../written-options.ts';

type Options = CheckOptions & {
  readonly format: string;
  readonly json?: boolean;
  readonly output?: readonly string[];
  readonly failOn: FailOn;
  readonly unknown?: UnknownAs;
  readonly color?: boolean;
  readonly verbose?: boolean;
};

export function addCheckCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('check')
    .description('judge every base image of source trees or files by the policy')
    .argument('[path...]', 'folders or files; default: the current folder')
    .option('-f, --format <format>', `what is printed: ${formats.map(({ name }) => name).join(', ')}`, 'text')
    .option('--json', 'short for --format json')
    .option('-o, --output <format=file>', 'also write a format to a file; repeatable', repeated)
    .option('--changed-since <ref>', 'report only files changed since this git revision')
    .option(
      '--fail-on <level>',
      'exit 1 from this verdict on: fail, warn or never',
      oneOf('--fail-on', ['fail', 'warn', 'never']),
      'fail',
    )
    .option(
      '--unknown <as>',
      'count unknown as warn or fail (default: warn; fail when CI=true)',
      oneOf('--unknown', ['warn', 'fail']),
    )
    .option(
      '--online',
      'also ask the registries: whether images exist, for which platforms, who publishes them, what is newer; exit 3 when one does not answer',
    )
    .option(
      '--scan',
      'also have the images scanned for known vulnerabilities, each content once; exit 3 when one could not be',
    )
    .option('--explain', 'suggest a multi-stage version of single-stage files that compile')
    .option('--verbose', 'list files and images that have nothing wrong, too');
  addRunOptions(command)
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (paths: readonly string[], options: Options) => {
      const outputs = parseOutputs(options.output ?? []);
      const format = formatNamed(options.json === true ? 'json' : options.format);
      const run = await runCheck(paths, options, { withBaseline: true });
      const { policy, platform, buildArg, now } = options;
      const again = writtenOptions(paths, { policy, platform, buildArg, now });
      for (const { format: wanted, file } of outputs)
        writeWhole(file, render(wanted, run, { ...options, color: false, again }));
      print(render(format, run, { ...options, again }));
      const { isCi } = readEnvironment();
      const code = checkExitCode(run.result, options.failOn, options.unknown ?? (isCi ? 'fail' : 'warn'));
      setExitCode({ 0: exitCodes.clean, 1: exitCodes.verdict, 3: exitCodes.world }[code]);
    });
}

function render(
  format: Format,
  { result, prefix }: CheckRun,
  options: Pick<Options, 'color' | 'verbose'> & { readonly again: string },
): string {
  const placed = format.pathsFrom === 'here' ? relocate(result, prefix) : result;
  const color = format.name === 'text' && wantsColor(options.color);
  const { again, verbose = false } = options;
  return format.render(placed, { color, width: outputWidth(), verbose, rules: allRules, again });
}

function parseOutputs(outputs: readonly string[]): readonly { format: Format; file: string }[] {
  return outputs.map((output) => {
    const equals = output.indexOf('=');
    if (equals <= 0 || equals === output.length - 1)
      throw new UsageError(`--output ${JSON.stringify(output)} names no file: write --output sarif=results.sarif`);
    return { format: formatNamed(output.slice(0, equals)), file: output.slice(equals + 1) };
  });
}

function formatNamed(name: string): Format {
  const format = findFormat(name);
  if (format === undefined)
    throw new UsageError(
      `there is no format ${JSON.stringify(name)}: use one of ${formats.map((known) => known.name).join(', ')}`,
    );
  return format;
}
