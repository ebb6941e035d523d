import type { ImageFacts } from '../catalog/image-facts.ts';
import type { Dockerfile, Stage } from '../dockerfile/dockerfile.ts';
import type { ImageUse } from '../image/image-use.ts';
import type { Reference } from '../image/reference.ts';
import type { Category } from './category.ts';
import type { AppliedWaiver } from './exceptions.ts';
import type { Policy } from './policy.ts';
import type { RegistryFacts } from './registry-facts.ts';
import type { ScanFacts } from './scan-facts.ts';

/** What a rule does to the verdict of the use it is broken by. `info` is printed and changes nothing. */
export type Level = 'off' | 'info' | 'warn' | 'unknown' | 'fail';

/**
 * One check of the policy. A rule lives in one file of `rules/`, stands in `rules/all-rules.ts`, and has its table in
 * `test/domain/policy/rules/`. Its page in `docs/rules/` is generated from these fields.
 */
export type Rule = {
  /** Stable, kebab-case; the key in `rules:` of the policy file. */
  readonly id: string;
  /** Half a sentence: what is wrong, `the release is past its end of life`. */
  readonly title: string;
  /** The sentence of the policy it implements: `5.2.2 Current Version`. */
  readonly policy: string;
  /** One paragraph: why it matters and how the answer is found. */
  readonly why: string;
  /** Default levels: in what ships (role final), and everywhere else. */
  readonly levels: { readonly ships: Level; readonly builds: Level };
  /** Speaks only of what a registry was asked (`--online`); absent for all others. */
  readonly isOnline?: true;
  /** Speaks only of what a scanner told (`--scan`); absent for all others. */
  readonly isScan?: true;
  /** Dockerfiles that break the rule and that keep it. */
  readonly wrong: string;
  readonly right: string;
  /** In words: how to get from wrong to right. */
  readonly remedy: string;
  /** Empty when the rule is kept or does not apply. Pure. */
  find(subject: RuleSubject): readonly RuleFinding[];
};

export type RuleFinding = {
  /** One clause with the facts: `Node.js 20 ended on 2026-04-30`. No final full stop. */
  readonly reason: string;
  /** What to do, in one clause; where it is another reference, the reference itself stands in it. */
  readonly fix?: string;
  /** 1-based, where it is not the line of the use. */
  readonly line?: number;
  /** All that it is about is waived, finding by finding. */
  readonly waiver?: AppliedWaiver;
};

/** All that a rule may look at. */
export type RuleSubject = {
  readonly use: ImageUse;
  /** After aliases (a mirror reads as what it mirrors); absent for scratch, unresolved and invalid uses. */
  readonly reference?: Reference;
  readonly category: Category | undefined;
  /** Why the category: the pattern that matched and the policy's rationale. */
  readonly matched?: { readonly pattern: string; readonly why: string };
  /** Absent where `reference` is. */
  readonly facts?: ImageFacts;
  /** Absent where no registry was asked. */
  readonly registry?: RegistryFacts;
  /** Absent where no scanner was asked. */
  readonly scan?: ScanFacts;
  /** The platform that is built for, where the use or the run names one; not of a frontend, which runs where the build does. */
  readonly platform?: string;
  /** Whether badges of Docker Hub's publishers count by the policy. */
  readonly publishers: Policy['sources']['publishers'];
  /** The Dockerfile that the use stands in; absent for compose, CI and the like. */
  readonly dockerfile?: Dockerfile;
  /**
   * The stages that ship on this base, base first, targets last. Empty unless the use is the base of a `final` stage.
   * Rules about what is in the shipped image look here.
   */
  readonly shipped: readonly Stage[];
  /** ISO date of the run. */
  readonly today: string;
};
