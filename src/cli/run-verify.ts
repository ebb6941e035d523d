import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { readWorldEnvironment } from '../config/environment.ts';
import { findPolicyFile } from '../config/load-policy.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { hash } from '../domain/source/hash.ts';
import { verify } from '../flows/verify/verify.ts';
import type { VerifyResult } from '../flows/verify/verify-result.ts';
import { EvidenceError } from '../ports/evidence.ts';
import { type Scanner, ScannerError } from '../ports/scanner.ts';
import { TemporaryFolderError } from '../ports/temporary-folders.ts';
import { WorkspaceError } from '../ports/workspace.ts';
import { jsonText } from '../render/json-text.ts';
import { openBuilder, openCommits, openEvidenceFolder, openTemporaryFolders } from '../wiring/builder.ts';
import { catalog } from '../wiring/catalog.ts';
import { openScanner } from '../wiring/scanner.ts';
import { wire } from '../wiring/tree.ts';
import { checkOutSides, type Sides } from './check-out-sides.ts';
import { UsageError, WorldError } from './failure.ts';
import { openRegistries } from './open-registries.ts';
import { openTree, slashed } from './open-tree.ts';
import { clockFrom, instantOf, type RunOptions } from './run-options.ts';

export type VerifyOptions = RunOptions & {
  readonly from?: string;
  readonly to?: string;
  readonly builder: 'buildah' | 'docker';
  readonly secret?: readonly string[];
  readonly buildTimeout: string;
  readonly evidence?: string;
};

/** Checks both revisions out into folders that are gone afterwards, and proves what changed between them. */
export async function runVerify(path: string, options: VerifyOptions): Promise<VerifyResult> {
  const folder = folderOrRefuse(path);
  const secrets = secretsOf(options.secret ?? []);
  const buildTimeoutMs = minutesOf(options.buildTimeout);
  try {
    const temporary = await openTemporaryFolders();
    return await temporary.within(async (scratch) => {
      const sides = await checkOutSides(await openCommits(folder), { folder, scratch, ...options });
      const { builder, commands, close } = await openBuilder(options.builder, scratch);
      try {
        return await verifySides(sides, { options, secrets, buildTimeoutMs, builder, commands, temporary });
      } finally {
        await close();
      }
    });
  } catch (error) {
    if (error instanceof WorkspaceError) throw new UsageError(error.message);
    if (error instanceof EvidenceError || error instanceof TemporaryFolderError) throw new WorldError(error.message);
    throw error;
  }
}

type Verifying = Pick<Parameters<typeof verify>[0], 'builder' | 'commands' | 'temporary'> & {
  readonly options: VerifyOptions;
  readonly secrets: Readonly<Record<string, string>>;
  readonly buildTimeoutMs: number;
};

async function verifySides(sides: Sides, verifying: Verifying): Promise<VerifyResult> {
  const { options, secrets, buildTimeoutMs, ...tools } = verifying;
  const now = instantOf(options.now);
  // The policy and the tests are those of the revision that is changed, never of the change.
  const policyFile = options.policy ?? (await findPolicyFile(sides.policyFolder));
  const own = policyFile === undefined ? options : { ...options, policy: policyFile };
  const tree = await openTree(sides.before.folder, own, now);
  const registries = openRegistries(clockFrom(options.now));
  const scanner = await scannerOrReason();
  const evidence = await openEvidenceFolder(evidenceFolder(sides, options.evidence));
  try {
    const registry = await registries.of(tree.policy);
    const result = await verify(
      { ...tools, registry, scanner: scanner.scanner, evidence },
      {
        ...{ from: sides.from, to: sides.to, prefix: sides.prefix, leftOut: sides.leftOut },
        before: { side: 'before', ...sides.before, workspace: tree.workspace },
        after: { side: 'after', ...sides.after, workspace: await workspaceOf(sides.after.folder) },
        base: await workspaceOf(sides.policyFolder),
        survey: tree.survey,
        settings: tree.policy.verify,
        contextOf: contextsOf(tree.policy),
        ...{ catalog: catalog(), now, time: clockFrom(options.now)() },
        platform: options.platform ?? hostPlatform(),
        ...{ secrets, buildTimeoutMs },
        onStep: (text) => process.stderr.write(`basekeeper: ${text}\n`),
      },
    );
    await evidence.write('decision.json', jsonText(result));
    return result;
  } finally {
    await scanner.close();
    await registries.close();
  }
}

async function scannerOrReason(): Promise<{ readonly scanner: Scanner | string; readonly close: () => Promise<void> }> {
  try {
    return await openScanner();
  } catch (error) {
    if (error instanceof ScannerError) return { scanner: error.message, close: async () => undefined };
    throw error;
  }
}

async function workspaceOf(folder: string) {
  const wiring = await wire(folder);
  if (wiring === undefined) throw new WorldError(`${folder} is gone: somebody removed it meanwhile`);
  return wiring.workspace;
}

/** The same two trees have one folder: a rerun finds there what is still true. */
function evidenceFolder(sides: Sides, option: string | undefined): string {
  const { before, after } = sides;
  if (option !== undefined) {
    const folder = resolve(option);
    if (mayBeForged(folder, sides))
      throw new UsageError(`--evidence ${option} holds files of a commit: name a folder outside of the repository`);
    return folder;
  }
  const { stateFolder } = readWorldEnvironment();
  if (stateFolder === undefined) throw new UsageError('there is no folder for the evidence: name one with --evidence');
  return join(stateFolder, 'verify', hash(`${before.id} ${after.id}`));
}

/** What lies there would be believed: a commit must not have brought it along, nor a link on the way. */
function mayBeForged(folder: string, { root, before, after, policyFolder }: Sides): boolean {
  const inner = relative(root, folder);
  if (inner.startsWith('..') || isAbsolute(inner)) return false;
  const parts = inner.split(sep);
  const places = parts.map((_, at) => parts.slice(0, at + 1).join(sep));
  // Links out of a tree are not checked out.
  const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (places.some((place) => isLink(join(root, place)))) return true;
  return [before.folder, after.folder, policyFolder].some((tree) =>
    places.some((place) => {
      const found = lstatSync(join(tree, place), { throwIfNoEntry: false });
      return found !== undefined && (place === inner || !found.isDirectory());
    }),
  );
}

function contextsOf({ verify: { contexts } }: Policy): (path: string) => string | undefined {
  const compiled = contexts.map(({ glob, context }) => ({ matches: picomatch(glob, { dot: true }), context }));
  return (path) => compiled.find(({ matches }) => matches(path))?.context;
}

function folderOrRefuse(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`there is no folder ${path}`);
  const real = realpathSync(path);
  return found.isDirectory() ? real : dirname(real);
}

function secretsOf(written: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    written.map((text) => {
      const equals = text.indexOf('=');
      const [id, file] = [text.slice(0, equals), resolve(text.slice(equals + 1))];
      if (equals <= 0 || !/^[\w.-]+$/.test(id))
        throw new UsageError('--secret takes ID=FILE: write --secret npm=/run/secrets/npm');
      if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
        throw new UsageError(`--secret ${id}: there is no file ${slashed(relative(process.cwd(), file))}`);
      return [id, file];
    }),
  );
}

function minutesOf(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`--build-timeout ${JSON.stringify(text)} is no number of minutes`);
  return Number(text) * 60_000;
}

function hostPlatform(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return `linux/${architecture}`;
}
