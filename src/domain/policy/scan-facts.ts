import type { Digest } from '../image/manifest.ts';
import type { Finding, SuppressedFinding } from '../vulnerability/scan.ts';
import type { WaivedFinding } from './waive-findings.ts';

export type ScanWay = 'scanned' | 'rematched' | 'kept' | 'reported';

/**
 * What a scanner said of one reference in this run, or of its content earlier with the same database; absent where none was asked.
 * No findings are "clean" only in `scanned`.
 */
export type ScanFacts =
  | {
      readonly kind: 'scanned';
      /** Of the image of one platform. */
      readonly digest: Digest;
      /** What the reference stands for: the index, where there is one. */
      readonly namedDigest?: Digest;
      readonly platform: string;
      /**
       * `scanned`: in this run. `rematched`: what was installed was read by an earlier scan, and compared with the newer database.
       * `kept`: an earlier scan with this very database. `reported`: a report that lies in the tree.
       */
      readonly how: ScanWay;
      /** `trivy 0.68.2`. */
      readonly scanner: string;
      /** ISO 8601. */
      readonly databaseAt: string;
      /** Nobody publishes advisories for its system any more: few findings mean nothing. */
      readonly isEndOfLife: boolean;
      /** What VEX, ignore files and waivers leave, worst first. */
      readonly findings: readonly Finding[];
      readonly suppressed: readonly SuppressedFinding[];
      /** By waivers that name them, for one use; absent where none is about its image. */
      readonly waived?: readonly WaivedFinding[];
    }
  /** The scanner knew neither system nor packages. */
  | { readonly kind: 'unscannable'; readonly message: string }
  /** The database is too old to prove anything; nothing of it is told. */
  | { readonly kind: 'stale'; readonly message: string }
  /** Tried, and did not come to an end; `message`: who was asked what, what came back and what to do. */
  | { readonly kind: 'failed'; readonly message: string };
