import { formatInstant } from '../../../src/domain/source/instant.ts';
import type { Finding, Scan } from '../../../src/domain/vulnerability/scan.ts';
import type { ScanEvidence, Scanner, ScannerDescription } from '../../../src/ports/scanner.ts';
import type { PublishedFix } from './published-fixes.ts';

/**
 * A scanner that knows at each instant what could be installed then, and rates nothing: severities are not in changelogs. Its
 * inventory is the digest.
 */
export class FixScanner implements Scanner {
  readonly #missing: (child: string) => readonly PublishedFix[];
  readonly #clock: () => number;

  /** @param missing of the image of one platform, as of now. */
  constructor(missing: (child: string) => readonly PublishedFix[], clock: () => number) {
    this.#missing = missing;
    this.#clock = clock;
  }

  async describe(): Promise<ScannerDescription> {
    return { name: 'trivy', version: '0.68.2', databaseAt: this.#clock() };
  }

  async scan({ digest }: Parameters<Scanner['scan']>[0]): Promise<ScanEvidence> {
    return this.#look(digest);
  }

  async rematch(inventory: string): Promise<ScanEvidence> {
    return this.#look(inventory);
  }

  #look(child: string): ScanEvidence {
    const findings = this.#missing(child).flatMap((fix) => fix.cves.map((id) => findingOf(fix, id)));
    const scan: Scan = {
      ...{ scanner: { name: 'trivy' }, name: '', digests: [], layers: [], hasPackages: true, findings, suppressed: [] },
      system: { family: 'debian', release: '', isEndOfLife: false },
      packages: [{ name: 'base-files', version: '', sourcePackage: 'base-files', type: 'debian' }],
    };
    return { scan, report: '{}', inventory: child };
  }
}

function findingOf({ source, version, publishedAt }: PublishedFix, id: string): Finding {
  return {
    ...{ id, sourcePackage: source, packages: [source], installedVersion: '', severity: 'unknown', severities: {} },
    ...{ status: 'fixed', fixedVersion: version, fixedAt: formatInstant(publishedAt) },
  };
}
