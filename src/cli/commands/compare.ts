import type { Command } from 'commander';
import { resolveAlias } from '../../domain/policy/classify.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { type ComparisonResult, compare } from '../../flows/compare.ts';
import { type Comparable, compareImages } from '../../flows/compare-images.ts';
import type { BaseScan, NamedScan } from '../../flows/originate.ts';
import { renderComparison } from '../../render/compare/text.ts';
import { jsonText } from '../../render/json-text.ts';
import { UsageError, WorldError } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { platformNamed } from '../platform-named.ts';
import { readComparable, readProvenance } from '../read-comparable.ts';
import { instantOf, policyFor } from '../run-options.ts';
import { withScans } from '../with-scans.ts';

type Options = {
  readonly base?: readonly string[];
  readonly provenance?: string;
  readonly platform: string;
  readonly policy?: string;
  readonly now?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
};

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('set two images beside each other, or the scans of them: what is fixed, what remains, what is added')
    .argument('<before>', 'a report of Trivy or Grype in JSON, or an image reference as in FROM')
    .argument('<after>', 'another one; a report is to be made with the same database')
    .option(
      '--base <base>',
      'a report or a reference of the base that they are built on: tells its findings from those of the application; may be repeated',
      (base: string, others: readonly string[] = []) => [...others, base],
    )
    .option(
      '--provenance <file>',
      'of their builds, as docker buildx writes it: names the images that the base is among',
    )
    .option('--platform <platform>', 'the platform of references', 'linux/amd64')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the instant that the age of the database is told by; default: now')
    .option('--verbose', 'list all findings and packages')
    .option('--json', 'as JSON')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (before: string, after: string, options: Options) => {
      const result = await compareWritten(before, after, options);
      if (options.json === true) return print(jsonText(result));
      const view = { color: wantsColor(options.color), width: outputWidth(), verbose: options.verbose === true };
      return print(renderComparison(result, view));
    });
}

async function compareWritten(before: string, after: string, options: Options): Promise<ComparisonResult> {
  const [old, now, ...bases] = await Promise.all([before, after, ...(options.base ?? [])].map(readComparable));
  if (old === undefined || now === undefined) throw new UsageError('two images are compared');
  const given = bases.flatMap((base): readonly BaseScan[] =>
    base.kind === 'report' ? [{ ...base, known: 'given' }] : [],
  );
  const isRead = old.kind === 'report' && now.kind === 'report' && given.length === bases.length;
  if (isRead && (options.provenance === undefined || bases.length > 0))
    return compare({ ...scanOf(old), bases: given }, { ...scanOf(now), bases: given });
  return compareAsked({ before: old, after: now, bases }, options);
}

/** Opens registries and scanner, which reports do without. */
async function compareAsked(
  compared: { readonly before: Comparable; readonly after: Comparable; readonly bases: readonly Comparable[] },
  options: Options,
): Promise<ComparisonResult> {
  const platform = platformNamed(options.platform);
  const instant = instantOf(options.now);
  const { policy } = await policyFor(process.cwd(), options.policy, instant);
  const { before, after, bases } = compared;
  const provenance = options.provenance === undefined ? [] : await readProvenance(options.provenance);
  const answer = await withScans(policy, options.now, ({ registry, scans, onProgress }) =>
    compareImages(registry, scans, {
      before: withoutAlias(before, policy),
      after: withoutAlias(after, policy),
      bases: bases.map((base) => withoutAlias(base, policy)),
      provenance: provenance.map((reference) => resolveAlias(reference, policy.aliases)),
      ...{ platform, now: Date.parse(instant), terms: policy.scanner, onProgress },
    }),
  );
  if (answer.kind === 'refused') throw new WorldError(`nothing can be compared: ${answer.reasons.join('; ')}`);
  return answer.result;
}

function withoutAlias(one: Comparable, { aliases }: Policy): Comparable {
  return one.kind === 'report' ? one : { ...one, reference: resolveAlias(one.reference, aliases) };
}

function scanOf({ source, scan }: NamedScan): NamedScan {
  return { source, scan };
}
