import { setTimeout } from 'node:timers/promises';
import type { Instant } from '../domain/source/instant.ts';

/** The clock: the one place that reads it. */
export function currentInstant(): string {
  return new Date().toISOString();
}

export function currentTime(): Instant {
  return Date.now();
}

export async function pause(ms: number): Promise<void> {
  await setTimeout(ms);
}
