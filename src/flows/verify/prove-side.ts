import { isDigest } from '../../domain/image/digest.ts';
import { asObject, member, textMember } from '../../domain/image/json-value.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { parseReference, repositoryName } from '../../domain/image/reference.ts';
import { hash } from '../../domain/source/hash.ts';
import type { Buildable } from '../../domain/verify/buildable.ts';
import type { Statement } from '../../domain/vulnerability/suppress/statement.ts';
import { suppress } from '../../domain/vulnerability/suppress/suppress.ts';
import { BuilderError, type BuiltImage } from '../../ports/builder.ts';
import { keptOrMade } from './kept-record.ts';
import { lookAtBases, type SeenBases } from './look-at-bases.ts';
import { isScanKept, type ScannedSide, type ScannerState, scanSide } from './scan-side.ts';
import type { VerifiedTree, VerifyPorts, VerifyRequest } from './verify-request.ts';

export type BuildRecord = { readonly kind: 'built'; readonly digest: Digest; readonly sizeBytes: number };

/** One image of one tree: built, or known from an earlier run, and scanned. */
export type ProvenSide = {
  readonly bases: SeenBases;
  readonly build: BuildRecord | { readonly kind: 'failed' | 'unknown'; readonly message: string };
  readonly isReused: boolean;
  readonly scan: ScannedSide;
  /** Stands for everything that the build depends on; absent where some of it is not known. */
  readonly key?: string;
  /** To run something in; built now where it was not yet. @throws BuilderError */
  readonly image: () => Promise<BuiltImage>;
};

export type ProofContext = {
  readonly ports: VerifyPorts;
  readonly request: VerifyRequest;
  /** Absent where it could not say: nothing is reused then. */
  readonly builder: string | undefined;
  readonly scanner: ScannerState;
  /** What VEX documents and ignore files of the base take out. */
  readonly statements: readonly Statement[];
  /** Where images are put; absolute, and gone soon. */
  readonly folder: string;
};

export async function proveSide(build: Buildable, tree: VerifiedTree, context: ProofContext): Promise<ProvenSide> {
  const { ports, request } = context;
  const bases = await lookAtBases(ports.registry, build);
  const key = keyOf(build, tree, bases, context);
  let made: Promise<BuiltImage> | undefined;
  const image = () => {
    made ??= buildNow(build, tree, context);
    return made;
  };
  const { value, isReused } = await recordOf(key, image, tree, context);
  const scanned = async (): Promise<ScannedSide> => {
    if (value.kind !== 'built') return { kind: 'none', message: 'it was not built', isReused: false };
    request.onStep(`scanning ${build.name} ${when(tree)}`);
    return withoutTakenOut(
      await scanSide({ name: build.name, digest: value.digest, image }, context),
      value,
      build,
      context,
    );
  };
  return { bases, build: value, isReused, scan: await scanned(), image, ...(key === undefined ? {} : { key }) };
}

/** An earlier build counts only where it need not be scanned again: built once more it would be another image. */
async function recordOf(
  key: string | undefined,
  image: () => Promise<BuiltImage>,
  tree: VerifiedTree,
  { ports: { evidence }, scanner }: ProofContext,
): Promise<{ readonly value: ProvenSide['build']; readonly isReused: boolean }> {
  const name = key === undefined ? undefined : `builds/${key}.json`;
  const making = {
    isRecord: isBuildRecord,
    make: () => outcomeOf(image, tree),
    isWorthKeeping: ({ kind }: ProvenSide['build']) => kind === 'built',
  };
  const record = await keptOrMade<ProvenSide['build']>(evidence, name, making);
  const { value, isReused } = record;
  if (!isReused || value.kind !== 'built' || (await isScanKept(evidence, value.digest, scanner))) return record;
  return keptOrMade<ProvenSide['build']>(evidence, name, { ...making, isRecord: (_): _ is BuildRecord => false });
}

function withoutTakenOut(
  side: ScannedSide,
  { digest }: BuildRecord,
  { name }: Buildable,
  { statements, request }: ProofContext,
): ScannedSide {
  if (side.kind !== 'scanned') return side;
  const parsed = parseReference(name);
  const { findings, suppressed } = suppress(side.scan.findings, statements, {
    imageDigest: digest,
    repository: parsed.kind === 'ok' ? repositoryName(parsed.reference) : '',
    today: request.now.slice(0, 10),
  });
  return { ...side, scan: { ...side.scan, findings, suppressed: [...side.scan.suppressed, ...suppressed] } };
}

export function when({ side }: VerifiedTree): string {
  return side === 'before' ? 'as it was' : 'updated';
}

function keyOf(
  build: Buildable,
  { id }: VerifiedTree,
  { digests }: SeenBases,
  { builder, request }: ProofContext,
): string | undefined {
  const isKnown = build.unnamed.length === 0 && digests.every(({ digest }) => digest !== null);
  if (builder === undefined || !isKnown) return undefined;
  const { name: _, produces: __, ...inputs } = build;
  return hash(JSON.stringify([1, builder, request.platform, id, inputs, digests, Object.keys(request.secrets)]));
}

function isBuildRecord(value: unknown): value is BuildRecord {
  const object = asObject(value);
  return (
    textMember(object, 'kind') === 'built' &&
    isDigest(member(object, 'digest')) &&
    typeof member(object, 'sizeBytes') === 'number'
  );
}

async function outcomeOf(image: () => Promise<BuiltImage>, { folder }: VerifiedTree): Promise<ProvenSide['build']> {
  try {
    const { digest, sizeBytes } = await image();
    return { kind: 'built', digest, sizeBytes };
  } catch (error) {
    if (!(error instanceof BuilderError)) throw error;
    return {
      kind: error.code === 'failed' ? 'failed' : 'unknown',
      message: error.message.replaceAll(`${folder}/`, ''),
    };
  }
}

async function buildNow(build: Buildable, tree: VerifiedTree, context: ProofContext): Promise<BuiltImage> {
  const { ports, request, folder } = context;
  request.onStep(`building ${build.name} ${when(tree)}`);
  const id = hash(`${build.name}\n${tree.side}`);
  const dockerfile =
    build.inline === undefined
      ? `${tree.folder}/${build.path}`
      : await ports.evidence.write(`dockerfiles/${hash(build.inline)}.Dockerfile`, build.inline);
  const other = build.platforms.includes(request.platform) ? undefined : build.platforms[0];
  const log = (text: string) => ports.evidence.write(`builds/${id}-${tree.side}.log`, text);
  try {
    const image = await ports.builder.build({
      context: build.context === '' ? tree.folder : `${tree.folder}/${build.context}`,
      dockerfile,
      ...(build.target === undefined ? {} : { target: build.target }),
      args: build.args,
      contexts: Object.fromEntries(
        Object.entries(build.contexts).map(([name, value]) => [name, value.replace(/^path:/, `${tree.folder}/`)]),
      ),
      secrets: request.secrets,
      ...(other === undefined ? {} : { platform: other }),
      layout: `${folder}/${id}`,
      timeoutMs: request.buildTimeoutMs,
    });
    await log(image.log);
    return image;
  } catch (error) {
    if (error instanceof BuilderError) await log(`${error.log}\n${error.message}\n`);
    throw error;
  }
}
