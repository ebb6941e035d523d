import type { Digest } from '../../domain/image/manifest.ts';
import type { Decision, Gate } from '../../domain/verify/gate.ts';
import type { TestFacts } from '../../domain/verify/gate-facts.ts';
import type { ScanComparison } from '../../domain/vulnerability/compare-scans.ts';
import type { Scan, ScanWorth } from '../../domain/vulnerability/scan.ts';

/** What `verify` found: field for field its JSON. */
export type VerifyResult = {
  readonly schemaVersion: 1;
  /** ISO instant of the run. */
  readonly now: string;
  readonly from: VerifiedRevision;
  readonly to: VerifiedRevision;
  /** `buildah 1.28.2`; null where there is none. */
  readonly builder: string | null;
  readonly scanner: { readonly name: string; readonly version: string; readonly databaseAt: string } | null;
  readonly images: readonly VerifiedImage[];
  readonly tests: readonly VerifiedTest[];
  readonly gate: Gate;
  /** What this run did not do, one clause each. */
  readonly leftOut: readonly string[];
  /** The folder with reports, inventories and logs. */
  readonly evidence: string;
  /** How many builds, scans and tests were taken from an earlier run with the same inputs. */
  readonly reused: { readonly builds: number; readonly scans: number; readonly tests: number };
};

/** `tree`: of all its files; of a plan: of what it was made upon. */
export type VerifiedRevision = { readonly name: string; readonly commit: string; readonly tree: string };

export type VerifiedImage = {
  readonly name: string;
  /** The Dockerfile, or the document that carries it. */
  readonly path: string;
  readonly target?: string;
  readonly decision: Decision;
  readonly before: VerifiedSide;
  readonly after: VerifiedSide;
  /** null where one of the sides was not scanned. */
  readonly findings: Pick<ScanComparison, 'fixed' | 'remaining' | 'added'> | null;
  /** After minus before; null where one of them was not built. */
  readonly sizeDifferenceBytes: number | null;
};

export type VerifiedSide = {
  /** What it is built on, and the digest that this stood for; null where no registry said. */
  readonly bases: readonly { readonly reference: string; readonly digest: Digest | null }[];
  readonly build:
    | { readonly kind: 'built'; readonly digest: Digest; readonly sizeBytes: number; readonly isReused: boolean }
    | { readonly kind: 'failed' | 'unknown'; readonly message: string };
  readonly scan:
    | {
        readonly kind: 'scanned';
        readonly worth: ScanWorth;
        readonly databaseAt: string;
        readonly system: NonNullable<Scan['system']> | null;
        readonly findings: number;
        readonly suppressed: Scan['suppressed'];
        readonly isReused: boolean;
      }
    | { readonly kind: 'stale' | 'failed' | 'none'; readonly message: string };
};

/** `log`: its name in the evidence, absent where it was not run. */
export type VerifiedTest = TestFacts & { readonly log?: string; readonly isReused: boolean };

/** 0 for pass, 1 for fail; 3 for hold: something stayed unverified. */
export function verifyExitCode({ gate }: VerifyResult): 0 | 1 | 3 {
  switch (gate.decision) {
    case 'pass':
      return 0;
    case 'fail':
      return 1;
    case 'hold':
      return 3;
  }
}
