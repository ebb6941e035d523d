import { describeImage } from '../domain/catalog/describe-image.ts';
import type { ImageFacts } from '../domain/catalog/image-facts.ts';
import { canonicalReference, type Reference } from '../domain/image/reference.ts';
import { classify, resolveAlias } from '../domain/policy/classify.ts';
import type { Subject } from '../domain/policy/evaluate.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { CheckRequest } from './check-request.ts';
import { classifyInternal, type Producers } from './internal-images.ts';
import type { PlacedUse } from './read-dockerfile.ts';

export type LookUp = (reference: Reference) => { readonly actual: Reference; readonly facts: ImageFacts };

/** What a reference is after aliases, and its facts: found once per distinct reference of a run. */
export function lookUp({ policy, catalog }: Pick<CheckRequest, 'policy' | 'catalog'>, today: string): LookUp {
  const known = new Map<string, { actual: Reference; facts: ImageFacts }>();
  return (reference) => {
    const key = canonicalReference(reference);
    const before = known.get(key);
    if (before !== undefined) return before;
    const actual = resolveAlias(reference, policy.aliases);
    const found = { actual, facts: describeImage(actual, catalog, today) };
    known.set(key, found);
    return found;
  };
}

/** A use with all that is known of it. `chain` is set for images that the tree builds itself. */
export type KnownSubject = { readonly subject: Subject; readonly chain?: readonly string[] };

export function subjectOf(placed: PlacedUse, producers: Producers, policy: Policy, look: LookUp): KnownSubject {
  const { use } = placed;
  const dockerfile = placed.dockerfile === undefined ? {} : { dockerfile: placed.dockerfile };
  if (use.image.kind !== 'reference') return { subject: { use, ...dockerfile } };
  const { actual, facts } = look(use.image.reference);
  const internal = classifyInternal(use.image.reference, producers, policy, (base) => {
    if (base === 'scratch') return classify('scratch', use.role, policy);
    const found = look(base);
    return classify({ reference: found.actual, facts: found.facts }, use.role, policy);
  });
  const subject = { use, reference: actual, facts, ...dockerfile };
  if (internal === undefined) return { subject };
  return { subject: { ...subject, inherited: internal.classification }, chain: internal.chain };
}
