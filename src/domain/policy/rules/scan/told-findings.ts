import { familiarReference } from '../../../image/reference.ts';
import type { Finding } from '../../../vulnerability/scan.ts';
import type { Severity } from '../../../vulnerability/severity.ts';
import type { AppliedWaiver } from '../../exceptions.ts';
import type { RuleFinding, RuleSubject } from '../../rule.ts';
import type { ScanFacts } from '../../scan-facts.ts';
import { recommendedFix } from '../recommended-fix.ts';

type Scanned = Extract<ScanFacts, { readonly kind: 'scanned' }>;

export type FindingsOf = {
  readonly scan: Scanned;
  /** Those that no waiver names; where one names each, these. Never empty. */
  readonly findings: readonly Finding[];
  /** `, 2 more waived`; `, waived`. */
  readonly waivedClause: string;
  /** Where a waiver names each of them. */
  readonly waived: Pick<RuleFinding, 'waiver'>;
};

/** `isPatchable`: there is a version without it. */
export function findingsOf(
  { scan }: RuleSubject,
  severity: Severity,
  isMeant: (isPatchable: boolean) => boolean,
): FindingsOf | undefined {
  if (scan?.kind !== 'scanned') return undefined;
  const isJudged = (one: Finding) => one.severity === severity && isMeant(one.fixedVersion !== undefined);
  const findings = scan.findings.filter(isJudged);
  const waived = (scan.waived ?? []).filter(({ finding }) => isJudged(finding));
  if (findings.length > 0) {
    const waivedClause = waived.length === 0 ? '' : `, ${waived.length} more waived`;
    return { scan, findings, waivedClause, waived: {} };
  }
  const waiver = joinWaivers(waived.map(({ by }) => by));
  if (waiver === undefined) return undefined;
  return { scan, findings: waived.map(({ finding }) => finding), waivedClause: ', waived', waived: { waiver } };
}

/** Of several the one that ends first says until when, and all are named. */
function joinWaivers(waivers: readonly AppliedWaiver[]): AppliedWaiver | undefined {
  const [first] = waivers.toSorted((one, other) => (one.until < other.until ? -1 : 1));
  if (first === undefined) return undefined;
  return { ...first, id: [...new Set(waivers.map(({ id }) => id))].sort().join(', ') };
}

/** `CVE-2026-1 in openssl 3.0.18, fixed in 3.0.19, and 2 more (trivy 0.68.2, database of 2026-11-25)`. */
export function tellFindings(findings: readonly Finding[], { scanner, databaseAt, isEndOfLife }: Scanned): string {
  const [first] = findings;
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  const ended = isEndOfLife ? '; its system is past its end of life, so that there may be more' : '';
  const named = first === undefined ? '' : tellFinding(first);
  return `${named}${more} (${scanner}, database of ${databaseAt.slice(0, 10)})${ended}`;
}

function tellFinding({ id, sourcePackage, installedVersion, fixedVersion }: Finding): string {
  const fixed = fixedVersion === undefined ? '' : `, fixed in ${fixedVersion}`;
  return `${id} in ${sourcePackage} ${installedVersion}${fixed}`;
}

/** What might mend a finding: a newer content, of which only its own scan can tell. */
export function newerContentFix(subject: RuleSubject, otherwise: string): { readonly fix?: string } {
  const { reference, registry } = subject;
  if (reference !== undefined && registry?.tag?.kind === 'moved')
    return {
      fix: `scan ${familiarReference({ ...reference, digest: registry.tag.digest })}, which its tag stands for now`,
    };
  if (reference !== undefined && registry?.newer?.kind === 'listed' && registry.newer.recommended !== undefined) {
    const { registry: host, repository } = reference;
    return {
      fix: `scan ${familiarReference({ registry: host, repository, tag: registry.newer.recommended })}, which is newer`,
    };
  }
  return recommendedFix(subject, otherwise);
}
