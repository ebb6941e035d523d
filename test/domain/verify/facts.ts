import type { ImageFacts, SideFacts } from '../../../src/domain/verify/gate-facts.ts';
import type { Finding, Scan } from '../../../src/domain/vulnerability/scan.ts';
import { parseSeverity } from '../../../src/domain/vulnerability/severity.ts';

/** `CVE-1 zlib high 1.3`: id, source package, severity, and the fixed version where there is one. */
export function finding(text: string): Finding {
  const [id = '', sourcePackage = '', severity, fixedVersion] = text.split(' ');
  return {
    id,
    sourcePackage,
    packages: [sourcePackage],
    installedVersion: '1.0',
    severity: parseSeverity(severity),
    severities: {},
    status: fixedVersion === undefined ? 'affected' : 'fixed',
    ...(fixedVersion === undefined ? {} : { fixedVersion }),
  };
}

export function scan(findings: readonly string[], system: Partial<NonNullable<Scan['system']>> = {}): Scan {
  return {
    scanner: { name: 'trivy', version: '0.68.2' },
    name: 'image',
    digests: [],
    layers: [],
    system: { family: 'debian', release: '12.5', isEndOfLife: false, ...system },
    packages: [],
    hasPackages: false,
    findings: findings.map(finding),
    suppressed: [],
  };
}

export const databaseAt = '2026-11-25T06:00:00Z';

/** A side that was built and scanned. */
export function side(findings: readonly string[] = [], over: Partial<SideFacts> = {}): SideFacts {
  return {
    build: { kind: 'built', sizeBytes: 100_000_000 },
    scan: { kind: 'scanned', scan: scan(findings), databaseAt },
    basePlatforms: ['linux/amd64', 'linux/arm64'],
    multiStage: [],
    ...over,
  };
}

export function image(before: SideFacts, after: SideFacts, platforms: readonly string[] = []): ImageFacts {
  return { name: 'shop', before, after, platforms };
}
