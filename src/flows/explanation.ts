import type { Candidates } from '../domain/candidates/candidate.ts';
import type { Lifecycle } from '../domain/catalog/image-facts.ts';
import type { Category } from '../domain/policy/category.ts';
import type { RegistryFacts } from '../domain/policy/registry-facts.ts';
import type { RuleResult, Verdict } from './check-result.ts';

/** What `explain` says of one reference. This is also, field for field, the `--json` output. */
export type Explanation = {
  /** Canonical. */
  readonly reference: string;
  readonly category: Category | null;
  /** The pattern that put it into its category, and the policy's rationale. */
  readonly matched: { readonly pattern: string; readonly why: string } | null;
  readonly verdict: Verdict;
  readonly rules: readonly RuleResult[];
  /** The product's line, then the operating system's underneath; null when the catalog knows neither. */
  readonly lifecycle: readonly Lifecycle[] | null;
  /** What to write instead first, then smaller variants of the same version. */
  readonly alternatives: readonly Alternative[];
};

/** With a list of the tags of its repository: what may follow. The fields stand beside the others. */
export type ExplanationWithTags = Explanation & Candidates;

/** With what its registry says, and among the tags that it lists what may follow; without those where it lists none. */
export type OnlineExplanation = Explanation & Partial<Candidates> & { readonly registry?: RegistryFacts };

export type Alternative = {
  readonly reference: string;
  readonly reasons: readonly string[];
  readonly sizeBytes?: number;
};
