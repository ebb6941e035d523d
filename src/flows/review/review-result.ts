import type { BotName } from '../../domain/bots/recognise-bot.ts';
import type { Lifecycle } from '../../domain/catalog/image-facts.ts';
import type { Category } from '../../domain/policy/category.ts';
import type { RuleResult, Verdict } from '../check-result.ts';

/** What `review` found: field for field its JSON. */
export type ReviewResult = {
  readonly schemaVersion: 1;
  /** ISO instant of the run. */
  readonly now: string;
  readonly repository: string;
  readonly id: string;
  /** The commit that was judged. */
  readonly revision: string;
  /** null for what is no bot's work; then nothing is judged, and `reason` says why. */
  readonly bot: BotName | null;
  readonly reason?: string;
  readonly images: readonly ReviewedImage[];
  /** One clause each: what keeps it from being taken as it is. */
  readonly objections: readonly string[];
  readonly isWritten: boolean;
};

export type ReviewedImage = {
  readonly path: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
  readonly category: Category | null;
  /** null where the policy does not judge images of this role. */
  readonly verdict: Verdict | null;
  readonly rules: readonly RuleResult[];
  /** The product's line, then the operating system's underneath. */
  readonly lifecycle: readonly Lifecycle[];
};
