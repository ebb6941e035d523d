import type { Digest } from '../image/manifest.ts';
import type { Instant } from '../source/instant.ts';

/** How asking for one tag went last: the row that a later cycle starts from. */
export type TagCheck = {
  readonly tag: string;
  readonly attemptedAt: Instant;
  /** Absent when it was never answered. */
  readonly verifiedAt?: Instant;
  /** `verified`, or the code of the refusal. */
  readonly outcome: string;
  /** What the refusal said. */
  readonly message?: string;
  /** Refusals in a row. */
  readonly failures: number;
  /** A digest that the tag stood for before, seen once again and not yet believed. */
  readonly suspected?: Digest;
  /** As of the catalog at that time; absent before the first. */
  readonly tagState?: 'maintained' | 'unmaintained' | 'unlisted';
  readonly lineState?: 'supported' | 'long-term-only' | 'ended' | 'unreleased';
  /** When it should be asked again in `--every` mode. */
  readonly dueAt: Instant;
};
