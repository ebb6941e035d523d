import { type Bucket, writeBolt } from './bolt.ts';

/** One advisory: a source package of a system release is fixed in a version, or not at all. */
export type Advisory = {
  /** `debian 12`, `alpine 3.22` */
  readonly system: string;
  readonly sourcePackage: string;
  readonly id: string;
  /** Absent: there is no fix. */
  readonly fixedVersion?: string;
  readonly severity: keyof typeof severities;
  readonly title?: string;
};

const severities = { UNKNOWN: 0, LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4 } as const;

/** A database as Trivy's own builder makes it, of schema 2: the file, and what stands beside it. */
export function writeTrivyDb(
  advisories: readonly Advisory[],
  updatedAt: string,
): { readonly database: Buffer; readonly metadata: string } {
  const systems = new Map<string, Map<string, Map<string, Buffer>>>();
  const vulnerabilities = new Map<string, Buffer>();
  const sources = new Map<string, Buffer>();
  for (const { system, sourcePackage, id, fixedVersion, severity, title = id } of advisories) {
    const packages = systems.get(system) ?? new Map<string, Map<string, Buffer>>();
    systems.set(system, packages);
    const known = packages.get(sourcePackage) ?? new Map<string, Buffer>();
    packages.set(sourcePackage, known);
    const family = system.split(' ')[0] ?? '';
    known.set(id, json(fixedVersion === undefined ? {} : { FixedVersion: fixedVersion }));
    vulnerabilities.set(
      id,
      json({
        Title: title,
        Severity: severity,
        VendorSeverity: { [family]: severities[severity] },
        PublishedDate: '2026-01-02T03:04:05Z',
      }),
    );
    sources.set(system, json({ ID: family, Name: `${family} security tracker`, URL: 'https://example.com/' }));
  }
  const root: Bucket = new Map<string, Bucket>([
    ...systems,
    ['vulnerability', vulnerabilities],
    ['data-source', sources],
  ]);
  const metadata = json({
    Version: 2,
    NextUpdate: '2099-01-01T00:00:00Z',
    UpdatedAt: updatedAt,
    DownloadedAt: updatedAt,
  }).toString();
  return { database: writeBolt(root), metadata };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
