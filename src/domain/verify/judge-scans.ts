import { compareScans } from '../vulnerability/compare-scans.ts';
import { type Finding, type Scan, scanWorth } from '../vulnerability/scan.ts';
import type { Severity } from '../vulnerability/severity.ts';
import type { ScanOutcome, SideFacts } from './gate-facts.ts';
import { fail, type GateReason, hold } from './gate-reason.ts';
import type { VerifySettings } from './verify-settings.ts';

/** An image before and after, as far as scans tell. */
export type ScannedSides = {
  readonly name: string;
  readonly before: Pick<SideFacts, 'build' | 'scan'>;
  readonly after: Pick<SideFacts, 'build' | 'scan'>;
};

/**
 * What the scans of the old and the new image prove. No findings are good only where the scan could see; what it did see is bad in any
 * case.
 */
export function judgeScans({ name, before, after }: ScannedSides, settings: VerifySettings): readonly GateReason[] {
  if (after.build.kind !== 'built') return [];
  const criticals = after.scan.kind === 'scanned' ? patchableCriticals(after.scan.scan) : [];
  return [
    ...(criticals.length === 0
      ? []
      : [fail('critical', `${counted(criticals, 'critical')} with a fix: ${list(criticals)}`, name)]),
    ...[
      ...doubtOf(after.scan, 'the new image'),
      ...(before.build.kind === 'built' ? doubtOf(before.scan, 'the old image') : []),
    ].map((text) => hold('scan', text, name)),
    ...judgeDifference(before.scan, after.scan, name, settings),
  ];
}

function patchableCriticals({ findings }: Scan): readonly Finding[] {
  return findings.filter(({ severity, fixedVersion }) => severity === 'critical' && fixedVersion !== undefined);
}

/** Why a scan proves nothing; empty where it does. */
function doubtOf(outcome: ScanOutcome, which: string): readonly string[] {
  switch (outcome.kind) {
    case 'none':
      return [`${which} was not scanned: ${outcome.message}`];
    case 'failed':
      return [`the scan of ${which} failed: ${outcome.message}`];
    case 'stale':
      return [`the scan of ${which} is too old to prove anything: ${outcome.message}`];
    case 'scanned':
      break;
  }
  switch (scanWorth(outcome.scan)) {
    case 'unscannable':
      return [`the scanner knows neither system nor packages of ${which}, so that no findings mean nothing`];
    case 'end-of-life':
      return [`the system of ${which} is past its end of life, so that few findings mean nothing`];
    case 'ok':
      return [];
  }
}

function judgeDifference(
  before: ScanOutcome,
  after: ScanOutcome,
  name: string,
  { noWorse }: VerifySettings,
): readonly GateReason[] {
  if (before.kind !== 'scanned' || after.kind !== 'scanned') return [];
  if (before.databaseAt !== after.databaseAt)
    return [
      hold(
        'scan',
        `old and new image were scanned with different databases (${before.databaseAt} and ${after.databaseAt})`,
        name,
      ),
    ];
  // Of a system without advisories little was known: what is found in its place is no step back.
  if (scanWorth(before.scan) !== 'ok') return [];
  const { added } = compareScans(before.scan, after.scan);
  return noWorse.flatMap((severity) => {
    const [old, now] = [ofSeverity(before.scan.findings, severity), ofSeverity(after.scan.findings, severity)];
    if (now.length <= old.length) return [];
    const names = list(ofSeverity(added, severity));
    const those = names === '' ? 'rated higher than before' : `added: ${names}`;
    return [fail('no-worse', `${counted(now, severity)}, ${old.length} before the update; ${those}`, name)];
  });
}

function ofSeverity(findings: readonly Finding[], severity: Severity): readonly Finding[] {
  return findings.filter((finding) => finding.severity === severity);
}

function counted(findings: readonly Finding[], severity: Severity): string {
  return `${findings.length} ${severity} ${findings.length === 1 ? 'finding' : 'findings'}`;
}

const maxNamed = 5;

function list(findings: readonly Finding[]): string {
  const named = findings.slice(0, maxNamed).map(({ id, sourcePackage, fixedVersion }) => {
    const fix = fixedVersion === undefined ? '' : `, fixed in ${fixedVersion}`;
    return `${id} (${sourcePackage}${fix})`;
  });
  const more = findings.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
