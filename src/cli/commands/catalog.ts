import type { Command } from 'commander';
import { describeCatalog } from '../../flows/describe-catalog.ts';
import { formatCatalog } from '../../render/catalog.ts';
import { jsonText } from '../../render/json-text.ts';
import { catalog } from '../../wiring.ts';
import { UsageError } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { instantOf } from '../run-options.ts';

type Options = { readonly json?: boolean; readonly now?: string; readonly color?: boolean };

export function addCatalogCommand(program: Command): void {
  const command = program.command('catalog').description('the facts about public images that the package carries');
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
}
