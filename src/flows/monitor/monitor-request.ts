import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Cadence } from '../../domain/monitor/next-due.ts';
import type { Watch } from '../../domain/monitor/watched-image.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Store } from '../../ports/store.ts';

export type MonitorPorts = { readonly registry: Registry; readonly store: Store };

export type MonitorRequest = {
  readonly watch: Watch;
  readonly catalog: Catalog;
  /** Names what is monitored: an interrupted cycle of the same scope is gone on with. */
  readonly scope: string;
  readonly cadence: Cadence;
  /** Only what is due by now; else everything. */
  readonly isDueOnly: boolean;
  /** Images, `docker.io/library/node`, that are looked at each hour where only what is due is asked for. */
  readonly urgent: ReadonlySet<string>;
  /** How many contents may be read in one cycle besides those of moved tags. */
  readonly maxReads: number;
  readonly clock: () => Instant;
  readonly onAnswer?: () => void;
};
