import type { Command } from 'commander';
import { parseReference, type Reference } from '../../domain/image/reference.ts';
import type { Severity } from '../../domain/vulnerability/severity.ts';
import type { Advice } from '../../flows/advise/advice.ts';
import { advise } from '../../flows/advise/advise.ts';
import { renderAdvice } from '../../render/advise/text.ts';
import { jsonText } from '../../render/json-text.ts';
import { catalog } from '../../wiring/catalog.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { platformNamed } from '../platform-named.ts';
import { instantOf, policyFor } from '../run-options.ts';
import { withScans } from '../with-scans.ts';

type Options = {
  readonly severity: string;
  readonly platform: string;
  readonly max: string;
  readonly json?: boolean;
  readonly policy?: string;
  readonly now?: string;
  readonly color?: boolean;
};

const mostBases = 50;

export function addAdviseCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('advise')
    .description(
      'say which base to use instead: scan what could follow and smaller variants, and rank them by what they clear',
    )
    .argument('<reference>', 'an image reference as in FROM')
    .option('--severity <severity>', 'critical or high: the findings to rank by, and worse ones', 'high')
    .option('--platform <platform>', 'the platform to scan', 'linux/amd64')
    .option('--max <number>', 'how many bases to scan besides the present one', '8')
    .option('--json', 'as JSON')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (text: string, options: Options) => {
      const image = imageOf(text);
      const advice = await adviseOn(image, options);
      if (advice.isUnverified) setExitCode(exitCodes.world);
      if (options.json === true) return print(jsonText(advice));
      const view = { color: wantsColor(options.color), width: outputWidth(), isPinned: image.digest !== undefined };
      return print(renderAdvice(advice, view));
    });
}

async function adviseOn(image: Reference, options: Options): Promise<Advice> {
  const threshold = severityOf(options.severity);
  const platform = platformNamed(options.platform);
  const maxBases = numberOf(options.max);
  const instant = instantOf(options.now);
  const { policy } = await policyFor(process.cwd(), options.policy, instant);
  const instants = { now: Date.parse(instant), today: instant.slice(0, 10) };
  return withScans(policy, options.now, ({ registry, scans, onProgress }) =>
    advise(registry, scans, image, {
      ...{ policy, catalog: catalog(), threshold, platform, maxBases },
      ...{ ...instants, onProgress },
    }),
  );
}

function imageOf(text: string): Reference {
  if (text === 'scratch') throw new UsageError('scratch is empty: there is nothing to use instead');
  const parsed = parseReference(text);
  if (parsed.kind === 'invalid')
    throw new UsageError(`${JSON.stringify(text)} is no image reference: ${parsed.reason}`);
  return parsed.reference;
}

function severityOf(text: string): Severity {
  if (text === 'critical' || text === 'high') return text;
  throw new UsageError(`--severity ${JSON.stringify(text)}: write critical or high`);
}

function numberOf(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > mostBases)
    throw new UsageError(`--max ${JSON.stringify(text)}: write a number from 1 to ${mostBases}`);
  return number;
}
