import { existsSync } from 'node:fs';
import type { Finding, Scan, ScannedSystem } from '../../../src/domain/vulnerability/scan.ts';
import { type ScanEvidence, type Scanner, type ScannerDescription, ScannerError } from '../../../src/ports/scanner.ts';

/** What lies in an image: packages by name, and the system they belong to. */
export type ScannableImage = { readonly packages: Readonly<Record<string, string>>; readonly system?: ScannedSystem };

/** `below`: the fix version, where there is one; an installed version that is another has the finding. */
export type Advisory = Pick<Finding, 'id' | 'severity' | 'purls'> & {
  readonly package: string;
  readonly severities?: Finding['severities'];
  readonly fixedVersion?: string;
};

/** A scanner in memory: it knows images by digest, and advisories from an instant on. */
export class MemoryScanner implements Scanner {
  description: ScannerDescription;
  readonly images = new Map<string, ScannableImage>();
  advisories: readonly Advisory[] = [];
  /** Thrown instead of an answer, by what is called. */
  readonly refusals = new Map<'describe' | 'scan' | 'rematch', ScannerError>();
  readonly calls: string[] = [];
  underWay = 0;
  mostUnderWay = 0;

  constructor(databaseAt: number) {
    this.description = { name: 'trivy', version: '0.68.2', databaseAt };
  }

  async describe(): Promise<ScannerDescription> {
    this.#called('describe', 'describe');
    return this.description;
  }

  async scan({ path, digest }: Parameters<Scanner['scan']>[0]): Promise<ScanEvidence> {
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      this.#called('scan', `scan ${digest.slice(-4)}`);
      await new Promise((resume) => setImmediate(resume));
      if (!existsSync(path)) throw new ScannerError('crashed', `${path} is not there`);
      const image = this.images.get(digest) ?? { packages: {} };
      const scan = { ...this.#scanOf(image), layers: [digest], platform: 'linux/amd64', user: 'app', sizeBytes: 7 };
      return { scan, report: JSON.stringify(scan), inventory: JSON.stringify(image) };
    } finally {
      this.underWay -= 1;
    }
  }

  async rematch(inventory: string): Promise<ScanEvidence> {
    this.#called('rematch', 'rematch');
    const { packages } = JSON.parse(inventory) as ScannableImage;
    const scan = this.#scanOf({ packages });
    return { scan, report: JSON.stringify(scan) };
  }

  #called(what: 'describe' | 'scan' | 'rematch', told: string): void {
    this.calls.push(told);
    const refusal = this.refusals.get(what);
    if (refusal !== undefined) throw refusal;
  }

  #scanOf({ packages, system }: ScannableImage): Scan {
    const findings = this.advisories.flatMap((advisory): readonly Finding[] => {
      const { id, severity, package: name, severities = {}, fixedVersion, purls } = advisory;
      const installed = packages[name];
      if (installed === undefined || installed === fixedVersion) return [];
      return [
        {
          ...{ id, severity, sourcePackage: name, packages: [name], installedVersion: installed, severities },
          ...(purls === undefined ? {} : { purls }),
          ...(fixedVersion === undefined ? { status: 'affected' } : { status: 'fixed', fixedVersion }),
        },
      ];
    });
    return {
      scanner: { name: 'trivy' },
      ...{ name: '', digests: [], layers: [], findings, suppressed: [], hasPackages: true },
      ...(system === undefined ? {} : { system }),
      packages: Object.entries(packages).map(([name, version]) => ({
        ...{ name, version, sourcePackage: name, type: system?.family ?? 'debian' },
      })),
    };
  }
}
