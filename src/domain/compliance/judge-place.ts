import { canonicalReference } from '../image/reference.ts';
import type { Category } from '../policy/category.ts';
import { type Breach, levelOf, type Subject } from '../policy/evaluate.ts';
import type { Policy } from '../policy/policy.ts';
import type { Rule } from '../policy/rule.ts';
import type { ScanFacts } from '../policy/scan-facts.ts';
import type { PlaceFacts } from './compliance.ts';
import { type CriterionId, type CriterionVerdict, criteria, gravest } from './criterion.ts';

/** A use that was judged, with all that its verdicts are taken of. */
export type PlaceJudged = {
  readonly path: string;
  readonly subject: Pick<Subject, 'use' | 'reference' | 'facts'>;
  readonly category: Category | null;
  /** Of all rules, those about scans too. */
  readonly breaches: readonly Breach[];
  /** Stands in a Dockerfile. */
  readonly isInDockerfile: boolean;
  /** Built by the tree itself: what is in it is told of its own base. */
  readonly isBuiltHere: boolean;
  /** Absent where no scanner was asked. */
  readonly scan: ScanFacts | undefined;
};

/**
 * What each rule and each criterion comes to in one use. A rule that is broken nowhere is kept only where what it asks about is known:
 * what nobody could tell, for want of a value, of a catalog entry or of a scan, is `unknown`.
 *
 * @param rules those that can be judged; one that the policy switches off for the use does not speak of it.
 */
export function judgePlace(judged: PlaceJudged, rules: readonly Rule[], policy: Pick<Policy, 'rules'>): PlaceFacts {
  const { path, subject, category, breaches } = judged;
  const { use, reference } = subject;
  const verdicts = new Map<string, CriterionVerdict>();
  for (const rule of rules) {
    if (levelOf(rule, use.role, policy) === 'off') continue;
    const broken = breaches.filter((breach) => breach.rule === rule.id).map(verdictOfBreach);
    const silence = silenceOf(rule.id, judged);
    if (broken.length > 0) verdicts.set(rule.id, gravest(broken));
    else if (silence !== undefined) verdicts.set(rule.id, silence);
  }
  const own = criteria.flatMap(({ id, rules: of }): readonly (readonly [CriterionId, CriterionVerdict])[] => {
    const spoken = of.flatMap((rule) => verdicts.get(rule) ?? []);
    return spoken.length === 0 ? [] : [[id, gravest(spoken)]];
  });
  return {
    ...{ path, line: use.line, category, rules: Object.fromEntries(verdicts), criteria: Object.fromEntries(own) },
    reference:
      use.image.kind === 'scratch' ? 'scratch' : reference === undefined ? use.written : canonicalReference(reference),
    breaches: breaches.map((breach) => ({
      ...{ rule: breach.rule, verdict: verdictOfBreach(breach) },
      ...(breach.waiver === undefined ? {} : { waiver: breach.waiver.id }),
    })),
  };
}

function verdictOfBreach({ level, waiver }: Breach): CriterionVerdict {
  return waiver === undefined ? level : 'waived';
}

const criterionOf: ReadonlyMap<string, CriterionId> = new Map(
  criteria.flatMap(({ id, rules }) => rules.map((rule) => [rule, id] as const)),
);
const aboutScans: ReadonlySet<string> = new Set(['unfixed-critical', 'high-findings']);

/** What it means that a rule says nothing of a use; `undefined`: it does not speak of such uses. */
function silenceOf(rule: string, judged: PlaceJudged): 'pass' | 'unknown' | undefined {
  const { category, subject, scan } = judged;
  const { use, reference, facts } = subject;
  const isEmpty = use.image.kind === 'scratch';
  const told = (isTold: boolean) => (isTold ? 'pass' : 'unknown');
  const criterion = criterionOf.get(rule) ?? (aboutScans.has(rule) ? 'no-unpatched-critical' : 'official-source');
  switch (criterion) {
    case 'official-source':
      return told(category !== null);
    case 'pinned':
      return told(isEmpty || reference !== undefined);
    case 'current-version':
      if (use.role === 'frontend') return undefined;
      return told(isEmpty || judged.isBuiltHere || hasKnownLine(facts));
    case 'minimal-size':
      if (use.role === 'frontend') return undefined;
      // The preferred ones are the small ones of the policy.
      return told(isEmpty || judged.isBuiltHere || category === 'preferred' || isListed(facts));
    case 'no-unpatched-critical':
      if (judged.isBuiltHere) return undefined;
      // Nobody publishes advisories for a system past its end.
      return told(isEmpty || (scan?.kind === 'scanned' && !scan.isEndOfLife));
    case 'multi-stage':
      if (use.role !== 'final' || !judged.isInDockerfile) return undefined;
      return told(isEmpty || facts !== undefined);
  }
}

function hasKnownLine(facts: Subject['facts']): boolean {
  return facts !== undefined && (facts.lifecycle ?? facts.os ?? facts.retired ?? facts.floating) !== undefined;
}

function isListed(facts: Subject['facts']): boolean {
  return facts !== undefined && facts.tagState !== 'unlisted';
}
