import type { StartedRun } from '../../domain/forge/started-run.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import type { MonitoredImage } from '../../domain/image-monitor/monitored-image.ts';
import type { MoveCause } from '../../domain/monitor/event.ts';
import type { TreeProblem } from '../monitor/monitor-result.ts';

/** The JSON output, field for field. */
export type ImageMonitorResult = {
  readonly schemaVersion: 1;
  readonly now: string;
  /** Nothing was written, pushed or started; states tell what would have been. */
  readonly isDryRun: boolean;
  readonly images: readonly ImageReport[];
  readonly verified: { readonly count: number; readonly of: number };
  /** Id of the empty commit that was pushed. */
  readonly commit?: string;
  readonly run?: StartedRun;
  /** Why it ended before all was done. What had been done before stands above; the digests of today are not stored. */
  readonly failure?: string;
  /** Where images were looked for in a tree. */
  readonly discovery?: Discovery;
};

/** `unresolved`: uses whose image hangs on a build argument. Neither they nor what stands in files with problems is monitored. */
export type Discovery = {
  readonly files: number;
  readonly found: number;
  readonly unresolved: number;
  readonly problems: readonly Pick<TreeProblem, 'path' | 'line' | 'message'>[];
};

export type ImageReport = Pick<MonitoredImage, 'name' | 'variable' | 'description'> & {
  /** As people write it: `node:24-alpine`. */
  readonly reference: string;
  readonly outcome: ImageOutcome;
};

/** `from`: the digest that was handled last; absent for an image that was never seen. */
export type ImageOutcome =
  | { readonly state: 'unreachable'; readonly reason: string }
  | { readonly state: 'unchanged'; readonly digest: Digest }
  /** Another index over the same images. */
  | { readonly state: 'same-content'; readonly digest: Digest; readonly from?: Digest }
  | { readonly state: 'updated'; readonly digest: Digest; readonly from?: Digest; readonly cause?: MoveCause }
  | { readonly state: 'retried'; readonly digest: Digest; readonly attempt: number; readonly failedRun: StartedRun }
  /** `run`: of the run that is waited for. `unknown`: it could not be read. */
  | { readonly state: 'pending'; readonly digest: Digest; readonly run: 'running' | 'unknown'; readonly of: StartedRun }
  | { readonly state: 'confirmed'; readonly digest: Digest; readonly by: StartedRun }
  | { readonly state: 'exhausted'; readonly digest: Digest; readonly attempts: number; readonly failedRun: StartedRun };
