import { describeImage } from '../domain/catalog/describe-image.ts';
import type { ImageFacts } from '../domain/catalog/image-facts.ts';
import { builtPlatform } from '../domain/image/built-platform.ts';
import { canonicalReference, type Reference } from '../domain/image/reference.ts';
import { classify, resolveAlias } from '../domain/policy/classify.ts';
import type { Subject } from '../domain/policy/evaluate.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { RegistryFacts } from '../domain/policy/registry-facts.ts';
import type { ScanFacts } from '../domain/policy/scan-facts.ts';
import type { CheckRequest } from './check-request.ts';
import { classifyInternal, type Producers } from './internal-images.ts';
import type { RegistryAnswers } from './online/ask-registries.ts';
import type { PlacedUse } from './read-dockerfile.ts';

export type LookUp = (reference: Reference) => FoundImage;

/** `actual`: after aliases. `registry`: where registries were asked about it. */
export type FoundImage = {
  readonly actual: Reference;
  readonly facts: ImageFacts;
  readonly registry?: RegistryFacts;
};

/** What a reference is after aliases, and its facts: found once per distinct reference of a run. */
export function lookUp(
  { policy, catalog }: Pick<CheckRequest, 'policy' | 'catalog'>,
  today: string,
  answers?: RegistryAnswers,
): LookUp {
  const known = new Map<string, FoundImage>();
  return (reference) => {
    const key = canonicalReference(reference);
    const before = known.get(key);
    if (before !== undefined) return before;
    const actual = resolveAlias(reference, policy.aliases);
    const registry = answers?.get(canonicalReference(actual));
    const found = {
      actual,
      facts: describeImage(actual, catalog, today),
      ...(registry === undefined ? {} : { registry }),
    };
    known.set(key, found);
    return found;
  };
}

/** What a scanner said of the content that a reference, after aliases, stands for on a platform. */
export type LookUpScan = (reference: Reference, platform: string | undefined) => ScanFacts | undefined;

/** A use with all that is known of it. `chain` is set for images that the tree builds itself. */
export type KnownSubject = { readonly subject: Subject; readonly chain?: readonly string[] };

export type SubjectContext = {
  readonly producers: Producers;
  readonly policy: Policy;
  readonly look: LookUp;
  /** Absent where images are gathered to be asked for. */
  readonly scanOf?: LookUpScan;
  /** That the run builds for, where it names one. */
  readonly targetPlatform: string | undefined;
};

export function subjectOf(
  placed: PlacedUse,
  { producers, policy, look, scanOf, targetPlatform }: SubjectContext,
): KnownSubject {
  const { use } = placed;
  const dockerfile = placed.dockerfile === undefined ? {} : { dockerfile: placed.dockerfile };
  if (use.image.kind !== 'reference') return { subject: { use, ...dockerfile } };
  const { actual, facts, registry } = look(use.image.reference);
  const platform = builtPlatform(use, targetPlatform);
  const internal = classifyInternal(use.image.reference, producers, policy, (base) => {
    if (base === 'scratch') return classify('scratch', use.role, policy);
    const found = look(base);
    return classify({ ...found, reference: found.actual }, use.role, policy);
  });
  const subject = { use, reference: actual, facts, ...dockerfile, ...(platform === undefined ? {} : { platform }) };
  const scan = scanOf?.(actual, platform);
  const answered = { ...(registry === undefined ? {} : { registry }), ...(scan === undefined ? {} : { scan }) };
  if (internal === undefined) return { subject: { ...subject, ...answered } };
  const inherited = { ...subject, inherited: internal.classification };
  return { subject: isBuiltHere(internal.chain) ? inherited : { ...inherited, ...answered }, chain: internal.chain };
}

/** A chain of one is an image that only the policy calls internal: it lies in a registry. */
export function isBuiltHere(chain: readonly string[] | undefined): boolean {
  return chain !== undefined && chain.length > 1;
}
