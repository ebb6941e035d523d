import type { NoticeMessage } from '../domain/notice/notice-message.ts';
import type { Instant } from '../domain/source/instant.ts';

/** A way to one recipient. */
export interface Notifier {
  /**
   * Returns once whoever takes it has said that he has it. The same message again has the same mark, where the way has one, so
   * that a recipient can tell it apart from a second one.
   *
   * @throws NotifierError
   */
  send(message: NoticeMessage): Promise<void>;
}

/**
 * `refused`: it said no. `rate-limited`: it asks to wait, until `retryAt` where it says so. `unavailable`: no answer, 5xx,
 * time-out. `not-allowed`: an address that may not be asked. `not-set`: the environment lacks what the settings name.
 */
export type NotifierErrorCode = 'refused' | 'rate-limited' | 'unavailable' | 'not-allowed' | 'not-set';

/** `message`: one clause, without addresses and without secrets. */
export class NotifierError extends Error {
  override readonly name = 'NotifierError';
  readonly code: NotifierErrorCode;
  readonly retryAt: Instant | undefined;
  constructor(code: NotifierErrorCode, message: string, options?: ErrorOptions & { readonly retryAt?: Instant }) {
    super(message, options);
    this.code = code;
    this.retryAt = options?.retryAt;
  }
}
