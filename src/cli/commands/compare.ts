import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { readBounded } from '../../config/read-bounded.ts';
import { parseReference } from '../../domain/image/reference.ts';
import { resolveAlias } from '../../domain/policy/classify.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { parseReport } from '../../domain/vulnerability/parse-report.ts';
import { type ComparisonResult, compare } from '../../flows/compare.ts';
import { type Comparable, compareImages } from '../../flows/compare-images.ts';
import type { BaseScan, NamedScan } from '../../flows/originate.ts';
import { renderComparison } from '../../render/compare/text.ts';
import { jsonText } from '../../render/json-text.ts';
import { UsageError, WorldError } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { platformNamed } from '../platform-named.ts';
import { instantOf, policyFor } from '../run-options.ts';
import { withScans } from '../with-scans.ts';

type Options = {
  readonly base?: readonly string[];
  readonly platform: string;
  readonly policy?: string;
  readonly now?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
};

/** Reports of images with tens of thousands of packages are some tens of megabytes. */
const maxReportBytes = 256 * 1024 * 1024;

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
  const [old, now, ...bases] = await Promise.all([before, after, ...(options.base ?? [])].map(readWritten));
  if (old === undefined || now === undefined) throw new UsageError('two images are compared');
  const given = bases.flatMap((base): readonly BaseScan[] =>
    base.kind === 'report' ? [{ ...base, known: 'given' }] : [],
  );
  if (old.kind === 'report' && now.kind === 'report' && given.length === bases.length)
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
  const answer = await withScans(policy, options.now, ({ registry, scans, onProgress }) =>
    compareImages(registry, scans, {
      before: withoutAlias(before, policy),
      after: withoutAlias(after, policy),
      bases: bases.map((base) => withoutAlias(base, policy)),
      ...{ platform, now: Date.parse(instant), maxDatabaseAgeMs: policy.scanner.maxDatabaseAgeMs, onProgress },
    }),
  );
  if (answer.kind === 'refused') throw new WorldError(`nothing can be compared: ${answer.reasons.join('; ')}`);
  return answer.result;
}

function withoutAlias(one: Comparable, { aliases }: Policy): Comparable {
  return one.kind === 'report' ? one : { ...one, reference: resolveAlias(one.reference, aliases) };
}

/** A file that is there is a report; everything else names an image. */
async function readWritten(text: string): Promise<Comparable> {
  const parsed = parseReference(text);
  const isFile = statSync(text, { throwIfNoEntry: false })?.isFile() === true;
  if (isFile) return { kind: 'report', ...(await readReport(text, parsed.kind === 'ok')) };
  if (parsed.kind === 'invalid' || looksLikeFile(text))
    throw new UsageError(
      `there is no file ${text}${parsed.kind === 'invalid' ? `, and it is no image reference: ${parsed.reason}` : ''}: name a report of Trivy or Grype, or an image`,
    );
  return { kind: 'image', source: text, reference: parsed.reference };
}

function looksLikeFile(text: string): boolean {
  return /^[./~]|\.json$/.test(text);
}

/** @param isName whether it could be the name of an image as well. */
async function readReport(path: string, isName: boolean): Promise<NamedScan> {
  const instead = isName ? `; if the image is meant, write it with its registry: docker.io/library/${path}` : '';
  const read = await readBounded(path, maxReportBytes);
  if (read.kind === 'missing') throw new UsageError(`there is no file ${path}: name a report of Trivy or Grype`);
  if (read.kind !== 'text') throw new UsageError(`${path} ${read.reason}`);
  const reading = parseReport(read.text);
  if (reading.kind === 'refused') throw new UsageError(`${path} ${reading.reason}${instead}`);
  return { source: path, scan: reading.scan };
}

function scanOf({ source, scan }: NamedScan): NamedScan {
  return { source, scan };
}
