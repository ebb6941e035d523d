import type { ListedTag } from '../domain/candidates/candidate.ts';
import { findCandidates } from '../domain/candidates/find-candidates.ts';
import type { Catalog } from '../domain/catalog/catalog.ts';
import { describeImage } from '../domain/catalog/describe-image.ts';
import type { ImageFacts } from '../domain/catalog/image-facts.ts';
import type { ImageUse } from '../domain/image/image-use.ts';
import { canonicalReference, formatReference, type Reference } from '../domain/image/reference.ts';
import { resolveAlias } from '../domain/policy/classify.ts';
import { evaluate } from '../domain/policy/evaluate.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { RegistryFacts } from '../domain/policy/registry-facts.ts';
import type { Rule } from '../domain/policy/rule.ts';
import type { Alternative, Explanation, ExplanationWithTags } from './explanation.ts';
import { referenceText, ruleResult } from './judged-use.ts';

export type ExplainRequest = {
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  readonly catalog: Catalog;
  readonly today: string;
};

/**
 * What the policy and the catalog say of one reference, as if it were the base of what ships.
 *
 * @param registry what registries said of it; absent where none was asked.
 */
export function explain(image: Reference | 'scratch', request: ExplainRequest, registry?: RegistryFacts): Explanation {
  const { policy, rules, catalog, today } = request;
  const actual = image === 'scratch' ? undefined : resolveAlias(image, policy.aliases);
  const facts = actual === undefined ? undefined : describeImage(actual, catalog, today);
  const use = useOf(image);
  const answered = registry === undefined ? {} : { registry };
  const subject =
    actual === undefined || facts === undefined ? { use } : { use, reference: actual, facts, ...answered };
  const judgement = evaluate(subject, rules, policy, today, () => undefined);
  const { classification } = judgement;
  return {
    reference: referenceText(use.image) ?? '',
    category: classification?.category ?? null,
    matched: classification === undefined ? null : { pattern: classification.pattern, why: classification.why },
    verdict: judgement.verdict,
    rules: judgement.breaches.map(ruleResult),
    lifecycle: lifecycles(facts),
    alternatives: alternativesOf(facts),
  };
}

/** As `explain`, and what may follow the reference among the tags that its registry lists. */
export function explainWithTags(
  image: Reference,
  tags: readonly ListedTag[],
  request: ExplainRequest,
): ExplanationWithTags {
  const { policy, catalog, today } = request;
  const reference = resolveAlias(image, policy.aliases);
  return { ...explain(image, request), ...findCandidates({ reference, tags, catalog, today }) };
}

function lifecycles(facts: ImageFacts | undefined): Explanation['lifecycle'] {
  const lines = [facts?.lifecycle, facts?.os].filter((line) => line !== undefined);
  return lines.length === 0 ? null : lines;
}

/** The recommended reference first, then smaller variants of the same version. */
function alternativesOf(facts: ImageFacts | undefined): readonly Alternative[] {
  if (facts === undefined) return [];
  const recommended =
    facts.recommended === undefined
      ? []
      : [{ reference: canonicalReference(facts.recommended.reference), reasons: facts.recommended.reasons }];
  const smaller = facts.smaller.map(({ reference, sizeBytes }) => ({
    reference: canonicalReference(reference),
    reasons: ['smaller variant of the same version'],
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  }));
  const first = recommended[0]?.reference;
  return [...recommended, ...smaller.filter(({ reference }) => reference !== first)];
}

function useOf(image: Reference | 'scratch'): ImageUse {
  const written = image === 'scratch' ? image : formatReference(image);
  const span = { start: 0, end: written.length };
  return {
    role: 'final',
    image: image === 'scratch' ? { kind: 'scratch' } : { kind: 'reference', reference: image },
    written,
    line: 1,
    span,
    pieces: [{ text: written, span }],
  };
}
