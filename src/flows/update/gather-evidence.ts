import { canonicalReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import { osReleaseOf } from '../../domain/monitor/os-release.ts';
import type { PlatformContent } from '../../domain/monitor/tag-content.ts';
import { classify } from '../../domain/policy/classify.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { ImageEvidence } from '../../domain/update/image-evidence.ts';
import type { UpdatePlan, UpdateStep } from '../../domain/update/update-plan.ts';
import type { Registry } from '../../ports/registry.ts';
import { mapLimited } from '../limited.ts';
import { readContent } from '../monitor/read-content.ts';
import { attempt } from '../online/attempt.ts';
import type { LookUp } from '../subject-of.ts';

export type EvidenceContext = {
  readonly policy: Policy;
  readonly catalog: Parameters<typeof osReleaseOf>[3];
  readonly look: LookUp;
  /** ISO date of the run. */
  readonly today: string;
};

/** By canonical reference, for all that steps start from and lead to. */
export type EvidenceByReference = ReadonlyMap<string, ImageEvidence>;

const defaultPlatform = 'linux/amd64';

/** What the table of a pull request says. What a registry does not answer is absent there, and keeps no update from being proposed. */
export async function gatherEvidence(
  registry: Registry,
  plans: readonly UpdatePlan[],
  context: EvidenceContext,
): Promise<EvidenceByReference> {
  const steps = plans.flatMap((plan) => plan.steps);
  const wanted = new Map<
    string,
    { readonly reference: Reference; readonly platforms: Set<string>; readonly step: UpdateStep }
  >();
  for (const step of steps) {
    for (const reference of [step.from, step.to]) {
      const name = canonicalReference(reference);
      const known = wanted.get(name) ?? { reference, platforms: new Set<string>(), step };
      for (const { platform } of step.uses) known.platforms.add(platform ?? defaultPlatform);
      wanted.set(name, known);
    }
  }
  const entries = await mapLimited([...wanted], async ([name, { reference, platforms, step }]) => {
    const role = step.uses[0]?.role ?? 'final';
    const { facts } = context.look(reference);
    const { category } = classify({ reference, facts }, role, context.policy);
    const seen = await lookAt(registry, reference, [...platforms]);
    const [first] = seen.platforms;
    const os = first === undefined ? undefined : osOf(reference, first, context);
    const evidence: ImageEvidence = {
      category,
      sizes: seen.platforms.flatMap(({ platform, sizeBytes }) =>
        sizeBytes === undefined ? [] : [{ platform, sizeBytes }],
      ),
      ...(facts.lifecycle === undefined ? {} : { lifecycle: facts.lifecycle }),
      ...(os === undefined ? {} : { osRelease: os }),
      ...(seen.digest === undefined ? {} : { digest: seen.digest }),
      ...(seen.publishedAt === undefined ? {} : { publishedAt: seen.publishedAt }),
    };
    return [name, evidence] as const;
  });
  return new Map(entries);
}

type Seen = Pick<ImageEvidence, 'digest' | 'publishedAt'> & { readonly platforms: readonly PlatformContent[] };

async function lookAt(registry: Registry, reference: Reference, platforms: readonly string[]): Promise<Seen> {
  const { tag = 'latest', digest } = reference;
  const resolved =
    digest === undefined
      ? await attempt(() => registry.resolve(reference, tag))
      : ({ kind: 'answered', value: { digest } } as const);
  if (resolved.kind !== 'answered') return { platforms: [] };
  const { value } = resolved;
  const content = await attempt(() => readContent(registry, reference, value.digest, platforms));
  if (content.kind !== 'answered') return { digest: value.digest, platforms: [] };
  const published =
    (await pushedAt(registry, reference)) ?? (await createdAt(registry, reference, content.value.platforms));
  return {
    digest: value.digest,
    platforms: content.value.platforms.filter(({ sizeBytes }) => sizeBytes !== undefined),
    ...(published === undefined ? {} : { publishedAt: published }),
  };
}

/** Where its registry dates tags; not of a pinned digest, which its tag may have left. */
async function pushedAt(registry: Registry, reference: Reference): Promise<string | undefined> {
  if (reference.digest !== undefined) return undefined;
  const listing = await attempt(() => registry.listTags(reference));
  if (listing.kind !== 'answered') return undefined;
  return listing.value.tags.find(({ tag }) => tag === reference.tag)?.pushedAt;
}

async function createdAt(
  registry: Registry,
  reference: Reference,
  platforms: readonly PlatformContent[],
): Promise<string | undefined> {
  const first = platforms.find(({ sizeBytes }) => sizeBytes !== undefined);
  if (first === undefined) return undefined;
  const manifest = await attempt(() => registry.readManifest(reference, first.digest));
  if (manifest.kind !== 'answered' || manifest.value.kind !== 'image') return undefined;
  const { configDigest } = manifest.value;
  const config = await attempt(() => registry.readConfig(reference, configDigest));
  return config.kind === 'answered' ? config.value.createdAt : undefined;
}

function osOf(reference: Reference, content: PlatformContent, { catalog, today }: EvidenceContext): string | undefined {
  return osReleaseOf(repositoryName(reference), reference.tag ?? '', content, catalog, today);
}

/** The youngest content that a plan brings; `undefined` where one of them has no date. */
export function publishedAt({ steps }: UpdatePlan, evidence: EvidenceByReference): Instant | undefined {
  const dates = steps.map(({ to }) => evidence.get(canonicalReference(to))?.publishedAt);
  const instants = dates.map((date) => (date === undefined ? Number.NaN : Date.parse(date)));
  const youngest = Math.max(...instants);
  return Number.isFinite(youngest) ? youngest : undefined;
}
