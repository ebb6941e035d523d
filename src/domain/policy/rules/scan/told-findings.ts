import { familiarReference } from '../../../image/reference.ts';
import type { Finding } from '../../../vulnerability/scan.ts';
import type { Severity } from '../../../vulnerability/severity.ts';
import type { RuleSubject } from '../../rule.ts';
import type { ScanFacts } from '../../scan-facts.ts';
import { recommendedFix } from '../recommended-fix.ts';

type Scanned = Extract<ScanFacts, { readonly kind: 'scanned' }>;

/** `patchable`: there is a version without it. */
export function findingsOf(
  { scan }: RuleSubject,
  severity: Severity,
  isMeant: (isPatchable: boolean) => boolean,
): { readonly scan: Scanned; readonly findings: readonly Finding[] } | undefined {
  if (scan?.kind !== 'scanned') return undefined;
  const findings = scan.findings.filter((one) => one.severity === severity && isMeant(one.fixedVersion !== undefined));
  return findings.length === 0 ? undefined : { scan, findings };
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
