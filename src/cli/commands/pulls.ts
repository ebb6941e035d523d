import type { Command } from 'commander';
import { closePull, listPulls, showPull } from '../../flows/pulls.ts';
import { ForgeError } from '../../ports/forge.ts';
import { jsonText } from '../../render/json-text.ts';
import { formatPull, formatPulls } from '../../render/pulls.ts';
import type { ForgeConnection } from '../../wiring/forges.ts';
import { UsageError, WorldError } from '../failure.ts';
import { openForgeOf } from '../open-forge-of.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { clockFrom, instantOf } from '../run-options.ts';

type Options = { readonly json?: boolean; readonly color?: boolean; readonly now?: string };

const placeHelp = 'address of a repository, a folder of its work tree, or a bare repository';

export function addPullsCommand(program: Command): void {
  const command = program
    .command('pulls')
    .description('the pull requests of a repository, on its forge or kept by git alone');
  addOptions(
    command
      .command('list', { isDefault: true })
      .description('list those that are open or were closed lately')
      .argument('[place]', placeHelp, '.'),
  ).action((place: string, options: Options) =>
    withForge(place, options, async ({ forge, repository }, style) => {
      const result = await listPulls(forge, repository, Date.parse(style.now));
      print(options.json === true ? jsonText(result) : formatPulls(result, style));
    }),
  );
  addOptions(
    command
      .command('show')
      .description('print one with its text')
      .argument('<key>', 'what it is called by: the first column of the list')
      .argument('[place]', placeHelp, '.'),
  ).action((key: string, place: string, options: Options) =>
    withForge(place, options, async ({ forge, repository }, style) => {
      const pull = (await showPull(forge, repository, key)) ?? refuseKey(key, repository);
      print(
        options.json === true
          ? jsonText({ version: 1, ...pull })
          : formatPull(pull, { ...style, width: outputWidth() }),
      );
    }),
  );
  addOptions(
    command
      .command('close')
      .description('close one unmerged; its branch stays')
      .argument('<key>', 'what it is called by: the first column of the list')
      .argument('[place]', placeHelp, '.'),
  ).action((key: string, place: string, options: Options) =>
    withForge(place, options, async ({ forge, repository }) => {
      const { pullRequest, isClosedNow } = (await closePull(forge, repository, key)) ?? refuseKey(key, repository);
      if (options.json === true) return print(jsonText({ version: 1, id: key, isClosedNow, was: pullRequest.state }));
      print(isClosedNow ? `closed ${key}` : `${key} is ${pullRequest.state} already: nothing was changed`);
    }),
  );
}

function addOptions(command: Command): Command {
  return command
    .option('--json', 'as JSON')
    .option('--now <instant>', 'the instant to count ages from; default: now')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not');
}

async function withForge(
  place: string,
  { color, now }: Options,
  use: (opened: ForgeConnection, style: { readonly color: boolean; readonly now: string }) => Promise<void>,
): Promise<void> {
  const style = { color: wantsColor(color), now: instantOf(now) };
  const opened = await openForgeOf(place, clockFrom(now));
  try {
    await use(opened, style);
  } catch (error) {
    if (error instanceof ForgeError) throw new WorldError(error.message);
    throw error;
  } finally {
    await opened.close();
  }
}

function refuseKey(key: string, repository: string): never {
  throw new UsageError(`there is no pull request ${JSON.stringify(key)} in ${repository}: basekeeper pulls lists them`);
}
