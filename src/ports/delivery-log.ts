import type { Instant } from '../domain/source/instant.ts';

/**
 * Who was told of what. One process writes at a time. What a call has returned from survives the death of the process; what it has
 * not is there in whole or not at all.
 *
 * @throws StoreError from every call.
 */
export interface DeliveryLog extends DeliveryHistory {
  /** An attempt is about to be made; what was delivered stays so. */
  begin(recipient: string, keys: readonly string[], at: Instant): Promise<void>;
  /** How the attempt ended. Delivered: failures of what is due no more are forgotten. */
  settle(recipient: string, keys: readonly string[], outcome: DeliveryOutcome): Promise<void>;
}

/** Of a delivery log what only reads. */
export interface DeliveryHistory {
  /** @param keys of the notices that are due. */
  read(recipient: string, keys: readonly string[]): Promise<DeliveryState>;
}

export type DeliveryState = {
  /** Of the keys that were asked for. */
  readonly delivered: ReadonlySet<string>;
  /** In a row, whatever was to be told. */
  readonly failures: number;
  /** Nothing is to be sent before. */
  readonly notBefore?: Instant;
  /** Of the last failure, one clause. */
  readonly reason?: string;
};

export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly at: Instant }
  | { readonly kind: 'failed'; readonly at: Instant; readonly reason: string; readonly notBefore: Instant };
