import type { Command } from 'commander';
import type { Lane } from '../../domain/candidates/candidate.ts';
import { lanes } from '../../domain/update/update-settings.ts';
import { proposalExitCode } from '../../flows/update/fleet-proposals.ts';
import { updateExitCode } from '../../flows/update/update-result.ts';
import { jsonText } from '../../render/json-text.ts';
import { renderDiff } from '../../render/update/diff.ts';
import { renderProposals } from '../../render/update/proposals.ts';
import { renderUpdate } from '../../render/update/text.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { isOnTerminal, outputWidth, print, wantsColor } from '../output.ts';
import { type ProposeOptions, runPropose } from '../run-propose.ts';
import { runUpdate, type UpdateOptions } from '../run-update.ts';
import { addRunOptions, repeated } from '../shared-options.ts';
import { writtenOptions } from '../written-options.ts';

type Options = Omit<UpdateOptions, 'lane'> &
  ProposeOptions & {
    readonly propose?: boolean;
    readonly lane?: readonly string[];
    readonly diff?: boolean;
    readonly json?: boolean;
    readonly color?: boolean;
  };

export function addUpdateCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('update')
    .description(
      'move the images of a folder to newer ones: the line that names them, or the build argument that spells it',
    )
    .argument('[path...]', 'folders or files; default: the current folder')
    .option('--lane <lanes>', `which steps are taken: ${lanes.join(', ')}; repeatable, or with commas`, repeated)
    .option('--image <name>', 'only this image: node, node:22-alpine, or a pattern; repeatable', repeated)
    .option('--pin', 'write tag@digest, also where no digest stands now')
    .option('--fix', 'write what check says to write instead, without asking registries')
    .option('--interim', 'scan, and upgrade packages in the Dockerfile until a base has the fix of a CRITICAL finding')
    .option('--diff', 'print the changes as a unified diff')
    .option('--write', 'make them')
    .option(
      '--propose',
      'open pull requests in the repository of each folder or address, and keep up those that are open',
    )
    .option('--fleet <file>', 'with --propose: in every repository that a fleet file lists')
    .option('--dry-run', 'with --propose: say what would be done, and do nothing')
    .option('--scan', 'with --propose: what is proven to mend a CRITICAL finding waits for no window, age or limit')
    .option('--json', 'as JSON');
  addRunOptions(command)
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (paths: readonly string[], given: Options) => {
      refuseMixed(paths, given);
      const { lane, ...options } = given;
      if (options.fix === true && (lane !== undefined || options.pin === true))
        throw new UsageError('--fix writes what check says, which no --lane and no --pin changes: leave them out');
      if (options.interim === true && (options.fix === true || lane !== undefined || options.pin === true))
        throw new UsageError('--interim changes no image: leave out --lane, --pin and --fix');
      const chosen = lane === undefined ? {} : { lane: lane.flatMap((text) => text.split(',')).map(laneNamed) };
      const color = wantsColor(options.color);
      if (options.propose === true) {
        const run = await runPropose(paths, options);
        print(options.json === true ? jsonText(run) : renderProposals(run, { color, width: outputWidth() }));
        return setExitCode(codes[proposalExitCode(run)]);
      }
      const result = await runUpdate(paths, { ...options, ...chosen });
      if (options.json === true) print(jsonText(result));
      else if (options.diff === true) print(renderDiff(result, { color, harmless: isOnTerminal() }));
      else {
        const repeatedOptions = writtenOptions(paths, { ...options, lane });
        const isFiltered = options.image !== undefined;
        const view = { color, width: outputWidth(), command: repeatedOptions, isFiltered, isFix: options.fix === true };
        print(renderUpdate(result, view));
      }
      return setExitCode(codes[updateExitCode(result)]);
    });
}

const codes = { 0: exitCodes.clean, 1: exitCodes.verdict, 3: exitCodes.world } as const;

/** What is written here and what is proposed elsewhere are two things. */
function refuseMixed(
  paths: readonly string[],
  { propose, fleet, dryRun, scan, write, diff, fix, interim, lane, image, pin }: Options,
): void {
  if (propose !== true && (fleet !== undefined || dryRun === true))
    throw new UsageError('--fleet and --dry-run go with --propose: without it nothing but this folder is looked at');
  if (propose !== true && scan === true)
    throw new UsageError('--scan goes with --propose: check --scan tells what is in the images of a folder');
  if (propose === true && interim === true && scan !== true)
    throw new UsageError('--interim goes with --scan when it is proposed: only a scan tells what is to be upgraded');
  if (propose === true && (write === true || diff === true || fix === true))
    throw new UsageError('--propose opens pull requests: leave out --write, --diff and --fix');
  if (propose === true && (lane !== undefined || image !== undefined || pin !== undefined))
    throw new UsageError('--propose does what the policy file says under update: leave out --lane, --image and --pin');
  if (fleet !== undefined && paths.length > 0)
    throw new UsageError('--fleet names the repositories: leave out the paths');
}

function laneNamed(text: string): Lane {
  const found = lanes.find((lane) => lane === text.trim());
  if (found === undefined) throw new UsageError(`--lane ${JSON.stringify(text)} is no lane: use ${lanes.join(', ')}`);
  return found;
}
