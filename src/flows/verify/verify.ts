import { hash } from '../../domain/source/hash.ts';
import type { ChangedBuild } from '../../domain/verify/buildable.ts';
import { decideGate, decisionOf, type Gate } from '../../domain/verify/gate.ts';
import type { ImageFacts, RuleBreach, SideFacts } from '../../domain/verify/gate-facts.ts';
import type { TestCommand } from '../../domain/verify/verify-settings.ts';
import { compareScans } from '../../domain/vulnerability/compare-scans.ts';
import { scanWorth } from '../../domain/vulnerability/scan.ts';
import { BuilderError } from '../../ports/builder.ts';
import { readSuppressions } from '../scan/read-suppressions.ts';
import { listChanges } from './list-changes.ts';
import { multiStageBreaches } from './multi-stage-breaches.ts';
import { type ProofContext, type ProvenSide, proveSide } from './prove-side.ts';
import { runTest } from './run-tests.ts';
import { askScanner, type ScannerState } from './scan-side.ts';
import type { VerifyPorts, VerifyRequest } from './verify-request.ts';
import type { VerifiedImage, VerifiedSide, VerifiedTest, VerifyResult } from './verify-result.ts';

/**
 * Proves an update: every image whose bases changed is built as it was and as it will be, both are scanned with one database, the
 * policy's tests run, and the gate decides. Never throws for what stands in the trees or for what a builder or scanner makes of it.
 */
export async function verify(ports: VerifyPorts, request: VerifyRequest): Promise<VerifyResult> {
  const { changed, unproven } = await listChanges(request);
  const builder = await describeBuilder(ports);
  const scanner: ScannerState =
    changed.length === 0 ? { kind: 'none', message: 'nothing was built' } : await askScanner(ports.scanner, request);
  const { statements, findings } = await readSuppressions(request.base, request.survey.policy);
  const images: ProvenImage[] = [];
  const tests: VerifiedTest[] = [];
  for (const group of Map.groupBy(changed, inputsOf).values()) {
    await ports.temporary.within(async (folder) => {
      const proven = await proveGroup(group, {
        ...{ ports, request, builder: builder.version, scanner, statements, folder },
      });
      images.push(...proven.images);
      tests.push(...proven.tests);
    });
  }
  if (changed.length > 0) tests.push(...(await runHostTests(ports, request, images)));
  const facts = { images: await factsOf(images, request), tests, unproven };
  const gate = decideGate(facts, request.settings);
  return {
    schemaVersion: 1,
    now: request.now,
    from: request.from,
    to: request.to,
    builder: builder.version ?? null,
    scanner: scanner.kind === 'none' ? null : described(scanner),
    images: images.map((image) => verifiedImage(image, gate)),
    tests,
    gate,
    leftOut:
      changed.length === 0
        ? []
        : [
            ...leftOut(builder, scanner),
            ...request.leftOut,
            ...findings.map(({ path, reason }) => `${path}: ${reason}`),
          ],
    evidence: ports.evidence.place,
    reused: {
      builds: countReused(images, ({ isReused }) => isReused),
      scans: countReused(images, ({ scan }) => scan.isReused),
      tests: tests.filter(({ isReused }) => isReused).length,
    },
  };
}

type ProvenImage = { readonly pair: ChangedBuild; readonly before: ProvenSide; readonly after: ProvenSide };

type DescribedBuilder = { readonly version?: string; readonly refusal?: string };

async function describeBuilder({ builder }: VerifyPorts): Promise<DescribedBuilder> {
  try {
    return { version: await builder.describe() };
  } catch (error) {
    if (error instanceof BuilderError) return { refusal: error.message };
    throw error;
  }
}

/** Two names of one build are built once. */
function inputsOf({ before, after }: ChangedBuild): string {
  return JSON.stringify([before, after].map(({ name: _, produces: __, ...inputs }) => inputs));
}

async function proveGroup(
  group: readonly ChangedBuild[],
  context: ProofContext,
): Promise<{ readonly images: readonly ProvenImage[]; readonly tests: readonly VerifiedTest[] }> {
  const [first] = group;
  if (first === undefined) return { images: [], tests: [] };
  const { ports, request } = context;
  const after = await proveSide(first.after, request.after, context);
  const before = await proveSide(first.before, request.before, context);
  const tests: VerifiedTest[] = [];
  const runIn = (side: ProvenSide) => async (command: TestCommand) =>
    ports.builder.run(await side.image(), command.run, command.timeoutMs);
  for (const command of request.settings.tests.filter((test) => test.in === 'image')) {
    if (after.build.kind !== 'built') break;
    request.onStep(`testing ${first.after.name}: ${command.run}`);
    const side = (proven: ProvenSide) => ({
      run: runIn(proven),
      ...(proven.key === undefined ? {} : { key: `${proven.key} image` }),
    });
    const pair = { before: side(before), after: side(after), image: first.after.name };
    tests.push(await runTest(command, pair, ports.evidence));
  }
  await Promise.all([before, after].map((side) => removeImage(side, context)));
  return {
    images: group.map((pair) => ({ pair, before, after })),
    tests: group.flatMap(({ after: { name } }) => tests.map((test) => ({ ...test, image: name }))),
  };
}

/** Of one that was reused there is none; one that cannot be taken away goes with the storage. */
async function removeImage({ build, isReused, image }: ProvenSide, { ports }: ProofContext): Promise<void> {
  if (build.kind !== 'built' || isReused) return;
  try {
    await ports.builder.remove(await image());
  } catch (error) {
    if (!(error instanceof BuilderError)) throw error;
  }
}

async function runHostTests(
  { commands, evidence }: VerifyPorts,
  request: VerifyRequest,
  images: readonly ProvenImage[],
): Promise<readonly VerifiedTest[]> {
  const tests: VerifiedTest[] = [];
  const side = (of: 'before' | 'after') => {
    const { folder, id } = request[of];
    const keys = images.map((image) => image[of].key);
    return {
      run: ({ run, timeoutMs }: TestCommand) => commands.run(run, folder, timeoutMs),
      // What images are built on now may be what the tests start.
      ...(keys.every((key) => key !== undefined) ? { key: `${id} ${hash(keys.join(' '))} host` } : {}),
    };
  };
  for (const command of request.settings.tests.filter((test) => test.in === 'host')) {
    request.onStep(`testing: ${command.run}`);
    tests.push(await runTest(command, { before: side('before'), after: side('after') }, evidence));
  }
  return tests;
}

async function factsOf(images: readonly ProvenImage[], request: VerifyRequest): Promise<readonly ImageFacts[]> {
  if (images.length === 0) return [];
  const paths = (side: 'before' | 'after') => new Set(images.map(({ pair }) => pair[side].path));
  const old = await multiStageBreaches(request.before, paths('before'), request);
  const now = await multiStageBreaches(request.after, paths('after'), request);
  return images.map(({ pair, before, after }) => ({
    name: pair.after.name,
    before: sideFacts(before, old(pair.before.path)),
    after: sideFacts(after, now(pair.after.path)),
    platforms: pair.after.platforms,
  }));
}

function sideFacts({ build, scan, bases: { platforms } }: ProvenSide, multiStage: readonly RuleBreach[]): SideFacts {
  return { build, scan, multiStage, ...(platforms === undefined ? {} : { basePlatforms: platforms }) };
}

function verifiedImage({ pair, before, after }: ProvenImage, gate: Gate): VerifiedImage {
  const { name, path, target } = pair.after;
  const isScanned = before.scan.kind === 'scanned' && after.scan.kind === 'scanned';
  const compared = isScanned ? compareScans(before.scan.scan, after.scan.scan) : undefined;
  const isBuilt = before.build.kind === 'built' && after.build.kind === 'built';
  return {
    name,
    path,
    ...(target === undefined ? {} : { target }),
    decision: decisionOf(gate, name),
    before: verifiedSide(before),
    after: verifiedSide(after),
    findings:
      compared === undefined ? null : { fixed: compared.fixed, remaining: compared.remaining, added: compared.added },
    sizeDifferenceBytes: isBuilt ? after.build.sizeBytes - before.build.sizeBytes : null,
  };
}

function verifiedSide({ bases, build, isReused, scan }: ProvenSide): VerifiedSide {
  return {
    bases: bases.digests,
    build: build.kind === 'built' ? { ...build, isReused } : build,
    scan:
      scan.kind === 'scanned'
        ? {
            kind: 'scanned',
            worth: scanWorth(scan.scan),
            databaseAt: scan.databaseAt,
            system: scan.scan.system ?? null,
            findings: scan.scan.findings.length,
            suppressed: scan.scan.suppressed,
            isReused: scan.isReused,
          }
        : { kind: scan.kind, message: scan.message },
  };
}

function described({ description }: Exclude<ScannerState, { readonly kind: 'none' }>): VerifyResult['scanner'] {
  const { name, version, databaseAt } = description;
  return { name, version, databaseAt: new Date(databaseAt).toISOString() };
}

function leftOut({ refusal }: DescribedBuilder, scanner: ScannerState): readonly string[] {
  return [
    ...(refusal === undefined ? [] : [`nothing was built, scanned or tested in an image: ${refusal}`]),
    ...(scanner.kind === 'ready' ? [] : [`nothing was scanned: ${scanner.message}`]),
  ];
}

function countReused(images: readonly ProvenImage[], isReused: (side: ProvenSide) => boolean): number {
  const sides = new Set(images.flatMap(({ before, after }) => [before, after]));
  return [...sides].filter(isReused).length;
}
