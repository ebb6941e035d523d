import type { Instant } from '../../domain/source/instant.ts';

const maxPages = 200;
// Of all pages: half a million tags are 10 MB, gcr.io tells more of each.
const maxTotalBytes = 64 * 1024 * 1024;
const maxMs = 10 * 60_000;
/** More than any repository has. */
export const maxTags = 500_000;

/** How much of a list is read. Each page has bounds of its own, and who lists decides how many there are. */
export class ListingBounds {
  readonly #clock: () => Instant;
  readonly #startedAt: Instant;
  #pages = 0;
  #bytes = 0;

  constructor(clock: () => Instant) {
    this.#clock = clock;
    this.#startedAt = clock();
  }

  count(page: Uint8Array): void {
    this.#pages += 1;
    this.#bytes += page.length;
  }

  get isReached(): boolean {
    return this.#pages >= maxPages || this.#bytes >= maxTotalBytes || this.#clock() - this.#startedAt >= maxMs;
  }
}
