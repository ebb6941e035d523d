import { join } from 'node:path';
import type { DeliveryReader, EpisodeReader, Ledger, OpenDeliveries } from '../adapters/store/open-store.ts';
import { readWorldEnvironment } from '../config/environment.ts';
import type { OwnStorage } from '../ports/own-storage.ts';

/** The ledger of a state folder; made when there is none. */
export async function openLedger(stateFolder: string): Promise<Ledger> {
  const { openLedger: open } = await import('../adapters/store/open-store.ts');
  return open(ledgerFile(stateFolder));
}

/** The episodes of a state folder's ledger, to be read; `undefined` while there are none. @throws StoreError */
export async function openHistory(stateFolder: string): Promise<EpisodeReader | undefined> {
  const { openEpisodes } = await import('../adapters/store/open-store.ts');
  return openEpisodes(ledgerFile(stateFolder));
}

/** Who was told of what, beside the ledger; made when there is none. @throws StoreError */
export async function openDeliveryLog(stateFolder: string): Promise<OpenDeliveries> {
  const { openDeliveries } = await import('../adapters/store/open-store.ts');
  return openDeliveries(deliveriesFile(stateFolder));
}

/** `openDeliveryLog` to be read; `undefined` where there is none. @throws StoreError */
export async function readDeliveryLog(stateFolder: string): Promise<DeliveryReader | undefined> {
  const { readDeliveries } = await import('../adapters/store/open-store.ts');
  return readDeliveries(deliveriesFile(stateFolder));
}

/** To look at the folders of ours, not to use them. */
export async function openOwnStorage(): Promise<OwnStorage> {
  const [{ createOwnStorage }, { describeStore }] = await Promise.all([
    import('../adapters/storage/create-own-storage.ts'),
    import('../adapters/store/open-store.ts'),
  ]);
  const { stateFolder, cacheFolder } = readWorldEnvironment();
  return createOwnStorage({
    describeLedger: describeStore,
    ...(stateFolder === undefined ? {} : { ledgerFile: ledgerFile(stateFolder) }),
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
  });
}

function deliveriesFile(stateFolder: string): string {
  return join(stateFolder, 'deliveries.sqlite');
}

function ledgerFile(stateFolder: string): string {
  return join(stateFolder, 'ledger.sqlite');
}
