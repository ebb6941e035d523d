import type { Command } from 'commander';
import { readWorldEnvironment } from '../../config/environment.ts';
import { doctor } from '../../flows/doctor/doctor.ts';
import type { InstalledScanner } from '../../ports/scanner.ts';
import { formatDoctor } from '../../render/doctor.ts';
import { jsonText } from '../../render/json-text.ts';
import { catalog } from '../../wiring/catalog.ts';
import { currentTime } from '../../wiring/clock.ts';
import { describeGithubToken } from '../../wiring/github.ts';
import { openOwnStorage } from '../../wiring/ledger.ts';
import { openCredentials, openRegistry } from '../../wiring/registry.ts';
import { openPrograms, openScanner } from '../../wiring/scanner.ts';
import { exitCodes } from '../failure.ts';
import { openTree } from '../open-tree.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { instantOf, type RunOptions } from '../run-options.ts';
import { addRunOptions } from '../shared-options.ts';

type Options = RunOptions & { readonly json?: boolean; readonly color?: boolean };

export function addDoctorCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('doctor')
    .description(
      'tell which registries, credentials, programs and folders work, and what to do about those that do not',
    )
    .argument('[path]', 'the folder or file whose registries are asked', '.')
    .option('--json', 'as JSON');
  addRunOptions(command)
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (path: string, options: Options) => {
      const now = instantOf(options.now);
      const tree = await openTree(path, options, now);
      const { proxies, forgeTokens, trivy } = readWorldEnvironment();
      const isScannerNamed = trivy.program !== undefined || trivy.server !== undefined;
      const registry = await openRegistry(tree.policy.registries, currentTime);
      try {
        const result = await doctor(
          {
            workspace: tree.workspace,
            registry,
            credentials: await openCredentials(currentTime),
            programs: await openPrograms(),
            storage: await openOwnStorage(),
            describeToken: () => describeGithubToken(currentTime),
            inspectScanner,
          },
          {
            ...tree.survey,
            catalog: catalog(),
            today: now.slice(0, 10),
            tree: path,
            proxies,
            forgeTokens,
            isScannerNamed,
            now: Date.parse(now),
          },
        );
        print(
          options.json === true
            ? jsonText(result)
            : formatDoctor(result, { color: wantsColor(options.color), width: outputWidth() }),
        );
        if (result.state === 'problem') setExitCode(exitCodes.world);
      } finally {
        await registry.close();
      }
    });
}

async function inspectScanner(): Promise<InstalledScanner> {
  const { scanner, close } = await openScanner();
  try {
    return await scanner.inspect();
  } finally {
    await close();
  }
}
