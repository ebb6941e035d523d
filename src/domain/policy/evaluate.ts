import type { ImageFacts } from '../catalog/image-facts.ts';
import type { Dockerfile, Stage } from '../dockerfile/dockerfile.ts';
import type { ImageUse, Role } from '../image/image-use.ts';
import type { Reference } from '../image/reference.ts';
import { type Classification, classify } from './classify.ts';
import type { AppliedWaiver } from './exceptions.ts';
import type { Policy } from './policy.ts';
import type { RegistryFacts } from './registry-facts.ts';
import type { Level, Rule, RuleFinding, RuleSubject } from './rule.ts';
import type { ScanFacts } from './scan-facts.ts';

/** fail > unknown > warn > pass; waived counts as pass and stays visible. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown' | 'waived';

/** One broken rule, at the level the policy gives it. */
export type Breach = RuleFinding & {
  readonly rule: string;
  readonly level: Exclude<Level, 'off'>;
  readonly waiver?: AppliedWaiver;
};

export type Judgement = {
  /** Absent when the image cannot be told. */
  readonly classification: Classification | undefined;
  readonly verdict: Verdict;
  readonly breaches: readonly Breach[];
};

/** A use with all that was found out about it. `reference` is after aliases. */
export type Subject = {
  readonly use: ImageUse;
  readonly reference?: Reference;
  readonly facts?: ImageFacts;
  /** What registries said of `reference`. */
  readonly registry?: RegistryFacts;
  /** What a scanner said of its content on this platform. */
  readonly scan?: ScanFacts;
  /** The platform that is built for, where the use or the run names one. */
  readonly platform?: string;
  readonly dockerfile?: Dockerfile;
  /** For internal images: taken instead of a category of its own. */
  readonly inherited?: Classification;
};

/**
 * Judges one use: its category, every rule at its level, waivers last.
 *
 * @param today ISO date of the run.
 * @param waive decides whether a breach is excepted.
 * @see design "Levels"
 */
export function evaluate(
  subject: Subject,
  rules: readonly Rule[],
  policy: Policy,
  today: string,
  waive: (breach: Breach) => AppliedWaiver | undefined,
): Judgement {
  const classification = subject.inherited ?? classificationOf(subject, policy);
  const ruleSubject: RuleSubject = {
    use: subject.use,
    ...(subject.reference === undefined ? {} : { reference: subject.reference }),
    category: classification?.category,
    ...(classification === undefined ? {} : { matched: classification }),
    ...(subject.facts === undefined ? {} : { facts: subject.facts }),
    ...(subject.registry === undefined ? {} : { registry: subject.registry }),
    ...(subject.scan === undefined ? {} : { scan: subject.scan }),
    ...(subject.platform === undefined ? {} : { platform: subject.platform }),
    publishers: policy.sources.publishers,
    ...(subject.dockerfile === undefined ? {} : { dockerfile: subject.dockerfile }),
    shipped: shippedStages(subject.use, subject.dockerfile),
    today,
  };
  const breaches: Breach[] = [];
  for (const rule of rules) {
    const level = levelOf(rule, subject.use.role, policy);
    if (level === 'off') continue;
    for (const finding of rule.find(ruleSubject)) {
      const breach: Breach = { ...finding, rule: rule.id, level };
      const waiver = breach.waiver ?? waive(breach);
      breaches.push(waiver === undefined ? breach : { ...breach, waiver });
    }
  }
  return { classification, verdict: verdictOf(breaches), breaches };
}

/** What ships is judged by `ships`; what only runs or builds, by `builds`. A deployed image ships. */
export function levelOf(rule: Rule, role: Role, policy: Pick<Policy, 'rules'>): Level {
  const levels = policy.rules[rule.id] ?? rule.levels;
  return role === 'final' || role === 'deployed' ? levels.ships : levels.builds;
}

export function verdictOf(breaches: readonly Breach[]): Verdict {
  const levels = new Set(breaches.filter(({ waiver }) => waiver === undefined).map(({ level }) => level));
  if (levels.has('fail')) return 'fail';
  if (levels.has('unknown')) return 'unknown';
  if (levels.has('warn')) return 'warn';
  return breaches.some(({ level, waiver }) => level !== 'info' && waiver !== undefined) ? 'waived' : 'pass';
}

function classificationOf({ use, reference, facts, registry }: Subject, policy: Policy): Classification | undefined {
  if (use.image.kind === 'scratch') return classify('scratch', use.role, policy);
  if (reference === undefined || facts === undefined) return undefined;
  return classify({ reference, facts, registry }, use.role, policy);
}

/** The stages that a final base carries: its own, and those built FROM it on the way to a target. */
function shippedStages(use: ImageUse, dockerfile: Dockerfile | undefined): readonly Stage[] {
  if (use.role !== 'final' || dockerfile === undefined) return [];
  const carried = new Set<number>();
  return dockerfile.stages.filter((stage) => {
    if (stage.role !== 'final') return false;
    const isCarried = stage.base === use || (stage.from !== undefined && carried.has(stage.from));
    if (isCarried) carried.add(stage.index);
    return isCarried;
  });
}
