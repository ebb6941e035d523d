import { compareScans, type ScanComparison } from '../domain/vulnerability/compare-scans.ts';
import { type Scan, type ScanWorth, scanWorth } from '../domain/vulnerability/scan.ts';

/** Two images beside each other: field for field its JSON. */
export type ComparisonResult = {
  readonly schemaVersion: 1;
  readonly before: ComparedImage;
  readonly after: ComparedImage;
  readonly findings: Pick<ScanComparison, 'fixed' | 'remaining' | 'added'>;
  /** null where a report does not list what is installed. */
  readonly packages: NonNullable<ScanComparison['packages']> | null;
  readonly sizeDifferenceBytes: number | null;
  /** What keeps the comparison from being one, one sentence each. */
  readonly notes: readonly string[];
};

export type ComparedImage = Omit<Scan, 'packages' | 'hasPackages' | 'findings'> & {
  /** Where the scan was read. */
  readonly source: string;
  readonly worth: ScanWorth;
  readonly packageCount: number | null;
  readonly findingCount: number;
};

export type NamedScan = { readonly source: string; readonly scan: Scan };

export function compare(before: NamedScan, after: NamedScan): ComparisonResult {
  const { fixed, remaining, added, packages, sizeDifferenceBytes } = compareScans(before.scan, after.scan);
  return {
    schemaVersion: 1,
    before: describe(before),
    after: describe(after),
    findings: { fixed, remaining, added },
    packages: packages ?? null,
    sizeDifferenceBytes: sizeDifferenceBytes ?? null,
    notes: [
      ...notesOf(before, after),
      ...[before, after].flatMap((one) => [...worthNote(one), ...suppressedNote(one)]),
    ],
  };
}

function describe({ source, scan }: NamedScan): ComparedImage {
  const { packages, hasPackages, findings, ...rest } = scan;
  const packageCount = hasPackages ? packages.length : null;
  return { ...rest, source, worth: scanWorth(scan), packageCount, findingCount: findings.length };
}

function notesOf({ scan: before }: NamedScan, { scan: after }: NamedScan): readonly string[] {
  const notes: string[] = [];
  if (before.scanner.name !== after.scanner.name)
    notes.push('the reports are of different scanners: what one of them does not know looks fixed or added');
  else if (before.scanner.version !== after.scanner.version)
    notes.push('the reports are of different versions of the scanner');
  if (before.databaseAt !== after.databaseAt)
    notes.push('the reports are of different databases: a finding that is new may be new in the database alone');
  else if (before.databaseAt === undefined)
    notes.push('the reports do not say which database they were made with: scan both at one time to be sure');
  if (before.platform !== undefined && after.platform !== undefined && before.platform !== after.platform)
    notes.push(`the images are for different platforms: ${before.platform} and ${after.platform}`);
  return notes;
}

function worthNote({ source, scan }: NamedScan): readonly string[] {
  switch (scanWorth(scan)) {
    case 'ok':
      return [];
    case 'end-of-life':
      return [`${source}: nobody publishes advisories for its system any more: few findings mean nothing`];
    case 'unscannable':
      return [`${source}: the scanner knew neither system nor packages: no findings mean nothing`];
  }
}

/** What somebody took out looks fixed, or never there. */
function suppressedNote({ source, scan: { suppressed } }: NamedScan): readonly string[] {
  if (suppressed.length === 0) return [];
  const ids = [...new Set(suppressed.map(({ id }) => id))];
  const by = [...new Set(suppressed.map((one) => one.source))].filter((one) => one !== '');
  const named = `${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ` and ${ids.length - 10} more` : ''}`;
  return [`${source}: taken out of the report${by.length === 0 ? '' : ` by ${by.join(', ')}`}: ${named}`];
}
