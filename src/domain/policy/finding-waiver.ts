import type { RatedSeverity } from '../deadline/deadline-settings.ts';
import type { Finding } from '../vulnerability/scan.ts';
import type { Severity } from '../vulnerability/severity.ts';
import type { Waiver } from './waiver.ts';

/** How many days ahead a waiver of findings may reach, by their severity. */
export type WaiverDays = Readonly<Record<RatedSeverity, number>>;

export const defaultWaiverDays: WaiverDays = { critical: 7, high: 30, medium: 90, low: 180 };

/** What a waiver of findings may name as its rule to hold for their deadlines alone. */
export const deadlinesOnly = 'deadlines';

/** The rules that judge findings, and how bad these are. */
export const severityOfRule: ReadonlyMap<string, RatedSeverity> = new Map([
  ['unpatched-critical', 'critical'],
  ['unfixed-critical', 'critical'],
  ['high-findings', 'high'],
]);

/** What tells one finding from another to a waiver. */
export type WaivableFinding = Pick<Finding, 'id' | 'sourcePackage' | 'severity'> & { readonly isPatchable: boolean };

/** Whether a waiver names a finding, whatever it is waived for. */
export function isNamed({ findings }: Pick<Waiver, 'findings'>, { id, sourcePackage }: WaivableFinding): boolean {
  if (findings === undefined || !findings.ids.includes(id.toUpperCase())) return false;
  return findings.sourcePackage === undefined || findings.sourcePackage === sourcePackage;
}

/** Whether a waiver that names a finding takes it out of what its rule judges. Of MEDIUM and LOW ones no rule does. */
export function waivesVerdict({ rules }: Pick<Waiver, 'rules'>, finding: WaivableFinding): boolean {
  return rules.length === 0 || rules.includes(ruleOf(finding) ?? '');
}

/** Whether a waiver stops the clock of a finding: by its name, or by a rule about all findings of its severity. */
export function waivesDeadline(waiver: Pick<Waiver, 'rules' | 'findings'>, finding: WaivableFinding): boolean {
  const { rules, findings } = waiver;
  const isOfRule = rules.includes(ruleOf(finding) ?? '');
  if (findings === undefined) return isOfRule;
  return isNamed(waiver, finding) && (rules.length === 0 || rules.includes(deadlinesOnly) || isOfRule);
}

/** The last day that a waiver of a finding may name. @param today ISO date. */
export function lastWaiverDay(severity: RatedSeverity, days: WaiverDays, today: string): string {
  return new Date(Date.parse(today) + days[severity] * 86_400_000).toISOString().slice(0, 10);
}

/** What a finding counts as for the length of its waiver. */
export function ratedAs(severity: Severity, unknownAs: RatedSeverity): RatedSeverity {
  return severity === 'unknown' ? unknownAs : severity;
}

function ruleOf({ severity, isPatchable }: WaivableFinding): string | undefined {
  if (severity === 'critical') return isPatchable ? 'unpatched-critical' : 'unfixed-critical';
  return severity === 'high' ? 'high-findings' : undefined;
}
