import type { ListedTag } from '../../domain/candidates/candidate.ts';
import type { MonitorEvent } from '../../domain/monitor/event.ts';
import { anyPlatform, type Sighting } from '../../domain/monitor/sighting.ts';
import type { TagCheck } from '../../domain/monitor/tag-check.ts';
import type { ImageLedger, Observation } from '../../ports/store.ts';

/** What is known of one image while a cycle runs: the ledger, and what the cycle added to it. */
export class ImageState {
  readonly image: string;
  readonly #sightings = new Map<string, Sighting[]>();
  readonly #seen = new Set<string>();
  /** Platforms by tag. */
  readonly #platforms = new Map<string, Set<string>>();
  readonly #checks: Map<string, TagCheck>;
  readonly #listings: Map<string, ListedTag>;
  readonly #isNew: boolean;
  #listedAt: number | undefined;
  readonly events: MonitorEvent[] = [];

  constructor(image: string, ledger: ImageLedger) {
    this.image = image;
    for (const sighting of ledger.sightings) this.#addSighting(sighting);
    this.#checks = new Map(ledger.checks.map((check) => [check.tag, check]));
    this.#listings = new Map(ledger.tags.map((listed) => [listed.tag, listed]));
    this.#isNew = ledger.checks.length === 0;
    this.#listedAt = ledger.listedAt;
  }

  /** Nothing was known of it when the cycle began. */
  get isNew(): boolean {
    return this.#isNew;
  }

  get listedAt(): number | undefined {
    return this.#listedAt;
  }

  /** The tags of its listings. */
  get tags(): readonly ListedTag[] {
    return [...this.#listings.values()];
  }

  listed(tag: string): ListedTag | undefined {
    return this.#listings.get(tag);
  }

  knownTags(): ReadonlySet<string> {
    return new Set(this.#listings.keys());
  }

  checkOf(tag: string): TagCheck | undefined {
    return this.#checks.get(tag);
  }

  /** Sightings of the tag itself, oldest first. */
  pastOf(tag: string): readonly Sighting[] {
    return this.#sightings.get(key(tag, anyPlatform)) ?? [];
  }

  lastOf(tag: string, platform: string): Sighting | undefined {
    return this.#sightings.get(key(tag, platform))?.at(-1);
  }

  /** Tags with a sighting of their own. */
  seenTags(): readonly string[] {
    return [...this.#seen];
  }

  /** What the present digest of a tag holds per platform; empty until it was read. */
  platformsOf(tag: string): readonly Sighting[] {
    const present = this.pastOf(tag).at(-1);
    if (present === undefined) return [];
    return [...(this.#platforms.get(tag) ?? [])].flatMap((platform) => {
      const last = this.lastOf(tag, platform);
      // One that was not seen since the tag moved belongs to what it stood for before.
      return last === undefined || last.lastSeenAt < present.firstSeenAt ? [] : [last];
    });
  }

  /** Takes over what is being written to the ledger. */
  apply({ sightings = [], checks = [], listing, events = [] }: Observation): void {
    for (const sighting of sightings) this.#addSighting(sighting);
    for (const check of checks) this.#checks.set(check.tag, check);
    for (const listed of listing?.tags ?? [])
      this.#listings.set(listed.tag, { ...this.#listings.get(listed.tag), ...listed });
    for (const tag of listing?.gone ?? []) this.#listings.delete(tag);
    if (listing !== undefined) this.#listedAt = listing.listedAt;
    this.events.push(...events);
  }

  #addSighting(sighting: Sighting): void {
    const group = this.#sightings.get(key(sighting.tag, sighting.platform)) ?? [];
    const last = group.at(-1);
    if (last?.firstSeenAt === sighting.firstSeenAt && last.digest === sighting.digest)
      group[group.length - 1] = sighting;
    else group.push(sighting);
    this.#sightings.set(key(sighting.tag, sighting.platform), group);
    if (sighting.platform === anyPlatform) {
      this.#seen.add(sighting.tag);
      return;
    }
    const platforms = this.#platforms.get(sighting.tag) ?? new Set();
    this.#platforms.set(sighting.tag, platforms.add(sighting.platform));
  }
}

function key(tag: string, platform: string): string {
  return `${tag} ${platform}`;
}
