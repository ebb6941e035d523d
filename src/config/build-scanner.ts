import type { ScanSettings } from '../domain/policy/scan-settings.ts';
import type { PolicyFile } from './policy-schema.ts';

const hourMs = 3_600_000;

/** `base` with what a file says of scanners put over it. */
export function mergeScanner(base: ScanSettings, written: PolicyFile['scanner']): ScanSettings {
  const { maxDatabaseAge, severity, reports } = written ?? {};
  return {
    maxDatabaseAgeMs: maxDatabaseAge === undefined ? base.maxDatabaseAgeMs : msOf(maxDatabaseAge),
    severity: severity ?? base.severity,
    reports: reports ?? base.reports,
  };
}

/** In the words of the policy file. */
export function describeScanner({ maxDatabaseAgeMs, severity, reports }: ScanSettings): unknown {
  return { maxDatabaseAge: `${maxDatabaseAgeMs / hourMs}h`, severity, ...(reports.length === 0 ? {} : { reports }) };
}

function msOf(age: string): number {
  return Number(age.slice(0, -1)) * (age.endsWith('d') ? 24 : 1) * hourMs;
}
