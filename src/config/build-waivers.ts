import { ratedSeverities } from '../domain/deadline/metrics.ts';
import { isApprovedByOther } from '../domain/policy/approval/approver.ts';
import { deadlinesOnly, lastWaiverDay, severityOfRule, type WaiverDays } from '../domain/policy/finding-waiver.ts';
import type { Rule } from '../domain/policy/rule.ts';
import { approvedOnly, type NamedFindings, type Waiver } from '../domain/policy/waiver.ts';
import { compileAt } from './compile-at.ts';
import type { PolicyFile } from './policy-schema.ts';
import type { PolicyProblem, ReadPolicyFile } from './read-policy-file.ts';

export type WaiverTerms = {
  readonly rules: readonly Rule[];
  /** ISO date of the run. */
  readonly today: string;
  readonly problems: PolicyProblem[];
  /** For all of them. */
  readonly maxDays: number;
  /** For those of findings. */
  readonly waiverDays: WaiverDays;
};

type WrittenWaiver = NonNullable<PolicyFile['waivers']>[number];

/** The waivers of one file. One that is not as it has to be is a problem, with its line. */
export function buildWaivers(file: ReadPolicyFile, terms: WaiverTerms): readonly Waiver[] {
  return (file.content.waivers ?? []).flatMap((written, index) => {
    const line = file.lineOf(['waivers', index]);
    for (const message of [
      ...scopeProblems(written, terms),
      ...approvalProblems(written),
      ...termProblems(written, terms),
    ])
      terms.problems.push({ file: file.name, line, message: `waiver ${written.id} ${message}` });
    const [image] = compileAt(written.image, file, ['waivers', index], terms.problems);
    if (image === undefined) return [];
    const { id, path, reason, owner, approvedBy, expires } = written;
    const findings = namedFindings(written);
    return [
      {
        ...{ id, image, rules: rulesOf(written), reason, owner, expires, file: file.name, line },
        ...(findings === undefined ? {} : { findings }),
        ...(path === undefined ? {} : { path }),
        ...(approvedBy === undefined ? {} : { approvedBy }),
      },
    ];
  });
}

/** `base` with what a file says put over it. */
export function mergeWaiverDays(base: WaiverDays, written: PolicyFile['waiverDays']): WaiverDays {
  if (written === undefined) return base;
  const { critical = base.critical, high = base.high, medium = base.medium, low = base.low } = written;
  return { critical, high, medium, low };
}

/** In the words of the policy file. */
export function describeWaiver(waiver: Waiver): Record<string, unknown> {
  const { id, image, rules, findings, path, reason, owner, approvedBy, expires } = waiver;
  return {
    id,
    image: image.text,
    ...(rules.length === 0 ? {} : { rule: rules }),
    ...(findings === undefined ? {} : { vulnerability: findings.ids }),
    ...(findings?.sourcePackage === undefined ? {} : { package: findings.sourcePackage }),
    ...(path === undefined ? {} : { path }),
    reason,
    owner,
    ...(approvedBy === undefined ? {} : { approvedBy }),
    expires,
  };
}

function rulesOf({ rule = [] }: WrittenWaiver): readonly string[] {
  return typeof rule === 'string' ? [rule] : rule;
}

function namedFindings({ vulnerability, package: sourcePackage }: WrittenWaiver): NamedFindings | undefined {
  if (vulnerability === undefined) return undefined;
  const ids = [vulnerability].flat().map((id) => id.trim().toUpperCase());
  return { ids: [...new Set(ids)], ...(sourcePackage === undefined ? {} : { sourcePackage }) };
}

function scopeProblems(written: WrittenWaiver, { rules }: WaiverTerms): readonly string[] {
  const { vulnerability, package: sourcePackage } = written;
  const named = rulesOf(written);
  const known = new Set(rules.map(({ id }) => id));
  if (vulnerability === undefined) {
    const isPackageAlone = sourcePackage !== undefined;
    return [
      ...(isPackageAlone
        ? ['names a package and no vulnerability: write vulnerability, or leave the package out']
        : []),
      ...(named.length === 0 && !isPackageAlone ? ['waives nothing: write rule, vulnerability, or both'] : []),
      ...named.flatMap((id) => {
        if (id === deadlinesOnly) return ['waives deadlines of everything: name each vulnerability'];
        return known.has(id) ? [] : [`names the rule ${id}, which does not exist`];
      }),
    ];
  }
  const judging = [...severityOfRule.keys(), deadlinesOnly];
  return named.flatMap((id) =>
    judging.includes(id)
      ? []
      : [`names vulnerabilities, which ${id} does not judge: write ${judging.join(', ')}, or no rule`],
  );
}

function approvalProblems(written: WrittenWaiver): readonly string[] {
  const { approvedBy, owner, vulnerability } = written;
  if (isApprovedByOther({ approvedBy, owner })) return [];
  const approved =
    vulnerability === undefined ? rulesOf(written).find((id) => approvedOnly.has(id)) : [vulnerability].flat()[0];
  return approved === undefined ? [] : [`waives ${approved}: it needs approvedBy, other than the owner`];
}

function termProblems(written: WrittenWaiver, { today, maxDays, waiverDays }: WaiverTerms): readonly string[] {
  const { expires } = written;
  // Of the default policy, which knows no day.
  if (today >= '9999') return [];
  const latest = new Date(Date.parse(today) + maxDays * 86_400_000).toISOString().slice(0, 10);
  if (expires > latest) return [`expires on ${expires}: the longest allowed is ${maxDays} days ahead, ${latest}`];
  const severity = shortest(written, waiverDays);
  if (severity === undefined) return [];
  const last = lastWaiverDay(severity, waiverDays, today);
  if (expires <= last) return [];
  const what = `for ${severity.toUpperCase()} findings the longest allowed is ${waiverDays[severity]} days ahead`;
  return [`expires on ${expires}: ${what}; write expires: ${last} or an earlier day`];
}

/** What its rules are about; where it names findings alone, only their scan tells: then what is allowed longest. */
function shortest(written: WrittenWaiver, days: WaiverDays) {
  const ofRules = rulesOf(written).flatMap((id) => severityOfRule.get(id) ?? []);
  if (ofRules.length > 0) return ofRules.toSorted((one, other) => days[one] - days[other])[0];
  return written.vulnerability === undefined
    ? undefined
    : ratedSeverities.toSorted((one, other) => days[other] - days[one])[0];
}
