import type { Policy } from '../domain/policy/policy.ts';
import { Scans } from '../flows/scan/scan-images.ts';
import type { Registry } from '../ports/registry.ts';
import { openScanPorts } from '../wiring/scanner.ts';
import { openRegistries } from './open-registries.ts';
import { startProgress } from './progress.ts';
import { clockFrom } from './run-options.ts';

/** What a run works with that scans images. */
export type ScanningRun = {
  readonly registry: Registry;
  readonly scans: Scans;
  readonly onProgress: (done: number, total: number) => void;
};

/** Opens registries and scanner for one run, and closes them however it ends. */
export async function withScans<T>(
  policy: Policy,
  now: string | undefined,
  use: (run: ScanningRun) => Promise<T>,
): Promise<T> {
  const registries = openRegistries(clockFrom(now));
  const { ports, close } = await openScanPorts();
  const progress = startProgress('scanning', 'images');
  try {
    const registry = await registries.of(policy);
    return await use({ registry, scans: new Scans(ports), onProgress: progress.report });
  } finally {
    progress.stop();
    await close();
    await registries.close();
  }
}
