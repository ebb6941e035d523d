import type { Digest } from '../domain/image/manifest.ts';
import type { Origin } from '../domain/vulnerability/attribute-findings.ts';
import { compareScans, type ScanComparison } from '../domain/vulnerability/compare-scans.ts';
import { type Finding, findingKey, type Scan, type ScanWorth, scanWorth } from '../domain/vulnerability/scan.ts';
import {
  type BaseScan,
  type NamedScan,
  type Originated,
  type OriginSummary,
  originate,
  originateByGuess,
} from './originate.ts';

/** Two images beside each other: field for field its JSON. */
export type ComparisonResult = {
  readonly schemaVersion: 1;
  readonly before: ComparedImage;
  readonly after: ComparedImage;
  readonly findings: {
    readonly fixed: readonly ComparedFinding[];
    readonly remaining: {
      readonly patchable: readonly ComparedFinding[];
      readonly unfixed: readonly ComparedFinding[];
    };
    readonly added: readonly ComparedFinding[];
  };
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
  /** null where no base was named, or none that tells. */
  readonly origins: OriginSummary | null;
  /** null for a report. */
  readonly published: PublishedSizes | null;
};

/** What a registry says of an image. */
export type PublishedSizes = {
  /** What the reference stands for: the index, where there is one. */
  readonly digest: Digest;
  /** Compressed. */
  readonly sizes: readonly { readonly platform: string; readonly sizeBytes: number }[];
};

/** One image of a comparison. */
export type ComparedSide = NamedScan & {
  /** Bases that it may be built on, scanned by themselves. */
  readonly bases: readonly BaseScan[];
  /** Of the lowest layers, which are likely a base's; looked at where there are no bases. */
  readonly guess?: readonly Digest[];
  readonly published?: PublishedSizes;
};

/** `origin`: absent where no base was named, or none that tells. */
export type ComparedFinding = Finding & { readonly origin?: Origin };

export function compare(before: ComparedSide, after: ComparedSide): ComparisonResult {
  const [old, now] = [before, after].map(originateSide);
  const { fixed, remaining, added, packages, sizeDifferenceBytes } = compareScans(before.scan, after.scan);
  return {
    schemaVersion: 1,
    before: describe(before, old),
    after: describe(after, now),
    findings: {
      fixed: withOrigins(fixed, old),
      remaining: {
        patchable: withOrigins(remaining.patchable, now),
        unfixed: withOrigins(remaining.unfixed, now),
      },
      added: withOrigins(added, now),
    },
    packages: packages ?? null,
    sizeDifferenceBytes: sizeDifferenceBytes ?? null,
    notes: [
      ...notesOf(before, after),
      ...[before, after].flatMap((one) => [...worthNote(one), ...suppressedNote(one)]),
      ...[old, now].flatMap((one) => (one?.kind === 'unknown' ? [one.reason] : [])),
    ],
  };
}

function originateSide(side: ComparedSide): Originated | undefined {
  if (side.bases.length > 0) return originate(side, side.bases);
  return side.guess === undefined ? undefined : originateByGuess(side, side.guess);
}

function withOrigins(findings: readonly Finding[], originated: Originated | undefined): readonly ComparedFinding[] {
  if (originated?.kind !== 'told') return findings;
  const origins = new Map(originated.findings.map((finding) => [findingKey(finding), finding.origin]));
  return findings.map((finding) => {
    const origin = origins.get(findingKey(finding));
    return origin === undefined ? finding : { ...finding, origin };
  });
}

function describe({ source, scan, published }: ComparedSide, originated: Originated | undefined): ComparedImage {
  const { packages, hasPackages, findings, ...rest } = scan;
  const packageCount = hasPackages ? packages.length : null;
  const origins = originated?.kind === 'told' ? originated.summary : null;
  return {
    ...{ ...rest, source, worth: scanWorth(scan), packageCount, findingCount: findings.length, origins },
    published: published ?? null,
  };
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
