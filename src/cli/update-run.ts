import { Scans } from '../flows/scan/scan-images.ts';
import type { ApplyPlace } from '../flows/update/apply-proposals.ts';
import { openScanPorts } from '../wiring/scanner.ts';
import type { ProvingRun } from './critical-fixes-of.ts';
import { type OpenForges, openForges } from './open-forges.ts';
import { type OpenRegistries, openRegistries } from './open-registries.ts';
import { clockFrom, instantOf, type RunOptions } from './run-options.ts';

export type FleetOptions = RunOptions & {
  readonly fleet?: string;
  readonly dryRun?: boolean;
  /** Scan old and new contents, so that a proven fix of a CRITICAL finding waits for nothing. */
  readonly scan?: boolean;
  /** With scans: upgrade packages until their base is patched. */
  readonly interim?: boolean;
};

/** What all repositories of one run share. */
export type UpdateRun = ProvingRun & {
  readonly options: FleetOptions;
  readonly clock: () => number;
  readonly registries: OpenRegistries;
  readonly forges: OpenForges;
  readonly shared: ApplyPlace['run'];
  /** `isOfJob`: a forge is asked with what it gives to a running job. */
  readonly token: { isOfJob: boolean };
  /**
   * By the name of a repository, its images that are urgent: `docker.io/library/node`. Nothing but what mends a CRITICAL finding of
   * these is proposed, each image alone. Absent: everything.
   */
  readonly only?: ReadonlyMap<string, ReadonlySet<string>>;
};

export async function withUpdateRun<T>(options: FleetOptions, use: (run: UpdateRun) => Promise<T>): Promise<T> {
  const clock = clockFrom(options.now);
  const registries = openRegistries(clock);
  const forges = openForges(clock);
  const shared = { opened: 0, failuresInARow: 0 };
  const scanning = options.scan === true ? await openScanPorts() : undefined;
  const scans = scanning === undefined ? undefined : new Scans(scanning.ports);
  try {
    return await use({
      ...{ options, now: instantOf(options.now), clock, registries, forges, shared, scans },
      token: { isOfJob: false },
      unproven: new Set(),
    });
  } finally {
    await scanning?.close();
    await registries.close();
    await forges.close();
  }
}
