import { mkdirSync } from 'node:fs';
import type { Command } from 'commander';
import { readEnvironment } from '../../config/environment.ts';
import { describeCatalog } from '../../flows/describe-catalog.ts';
import { refreshCatalog } from '../../flows/refresh-catalog.ts';
import { formatCatalog } from '../../render/catalog.ts';
import { formatRefresh } from '../../render/catalog-refresh.ts';
import { jsonText } from '../../render/json-text.ts';
import { catalog, catalogRenewal } from '../../wiring/catalog.ts';
import { currentInstant } from '../../wiring/clock.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { outputWidth, print, wantsColor, writeWhole } from '../output.ts';
import { instantOf } from '../run-options.ts';

type Options = { readonly json?: boolean; readonly now?: string; readonly color?: boolean };

type RefreshOptions = {
  readonly dryRun?: boolean;
  readonly acceptShrink?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
};

export function addCatalogCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('catalog')
    .description('the facts about public images: those of the package, or renewed');
  command
    .command('show')
    .description('print what the catalog holds, its sources and their dates; with an image name, what it knows of it')
    .argument('[image]', 'a repository such as node or mcr.microsoft.com/dotnet/aspnet')
    .option('--json', 'as JSON')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action((image: string | undefined, options: Options) => {
      const shown = describeCatalog(catalog(), image, instantOf(options.now).slice(0, 10));
      if (shown === undefined) throw new UsageError(`${JSON.stringify(image)} is no image name`);
      print(
        options.json === true
          ? jsonText(shown)
          : formatCatalog(shown, { color: wantsColor(options.color), width: outputWidth() }),
      );
    });
  command
    .command('refresh')
    .description('renew the catalog from docker-library/official-images and endoflife.date; shows what changes')
    .option('--dry-run', 'show what would change and write nothing')
    .option('--accept-shrink', 'write even though lists became much smaller')
    .option('--yes', 'write in CI too, where a refresh is refused otherwise')
    .option('--json', 'as JSON')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (options: RefreshOptions) => setExitCode(await refresh(options)));
}

async function refresh(options: RefreshOptions): Promise<number> {
  const { isCi, catalogFolder } = readEnvironment();
  const isDryRun = options.dryRun === true;
  if (isCi && !isDryRun && options.yes !== true)
    throw new UsageError(
      'a refresh changes what every later check goes by, so in CI it is not done unasked: write --yes, or --dry-run to look',
    );
  if (catalogFolder === undefined)
    throw new UsageError(
      'there is no folder for a renewed catalog: name one in BASEKEEPER_CATALOG ("shipped" there keeps the one of the package)',
    );
  const renewal = await catalogRenewal(catalogFolder);
  try {
    const request = { now: currentInstant(), isShrinkAccepted: options.acceptShrink === true };
    const { parts, ...found } = await refreshCatalog(renewal.upstream, renewal.inForce, request);
    const style = { color: wantsColor(options.color), width: outputWidth() };
    if (options.json !== true) print(formatRefresh(found, style));
    const isWritten = found.outcome === 'ready' && !isDryRun;
    if (isWritten) writeInFolder(catalogFolder, renewal.path, renewal.textOf(parts));
    if (options.json === true) print(jsonText({ version: 1, ...found, written: isWritten ? renewal.path : null }));
    else print(isWritten ? `Written to ${renewal.path}` : 'Nothing was written');
    return found.outcome === 'ready' && found.faults.length === 0 ? exitCodes.clean : exitCodes.world;
  } finally {
    await renewal.close();
  }
}

function writeInFolder(folder: string, path: string, text: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`cannot make the folder ${folder}: ${code}; name another one in BASEKEEPER_CATALOG`);
  }
  writeWhole(path, text);
}
