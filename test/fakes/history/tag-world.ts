import type { Digest } from '../../../src/domain/image/manifest.ts';
import type { Instant } from '../../../src/domain/source/instant.ts';
import type { History, HistoryEvent } from './history.ts';
import { buildEntry, type ChildBuild, type ImageBuild, joinChildren, parentOf, versionOfTags } from './image-build.ts';

/** A tag as it is at the world's instant. `bornAt`: when it was published first. */
export type WorldTag = {
  readonly bornAt: Instant;
  /** When its digest changed last. Before the world's beginning: when it was set last. */
  readonly pushedAt: Instant;
  /** Whether its publisher still rebuilds it. */
  readonly isLive: boolean;
  readonly id: string;
};

type Tag = { -readonly [Key in keyof WorldTag]: WorldTag[Key] } & { build?: ImageBuild };

/** The tags under one id that are rebuilt. */
type LiveId = { readonly repository: string; readonly id: string; readonly tags: Set<string> };

/**
 * All repositories of a history at an instant that moves forward. When an image moves, all that is built on it and still
 * rebuilt moves with it, at once and to any depth; what was dropped stays as it was.
 */
export class TagWorld {
  readonly #history: History;
  readonly #events: readonly { readonly repository: string; readonly at: Instant; readonly event: HistoryEvent }[];
  readonly #tags = new Map<string, Map<string, Tag>>();
  readonly #live = new Map<string, LiveId>();
  /** Live ids by the reference that they are built on. */
  readonly #builtOn = new Map<string, Set<LiveId>>();
  readonly #versions = new Map<string, string>();
  readonly #builds = new Map<Digest, ImageBuild>();
  readonly #children = new Map<Digest, ChildBuild>();
  #next = 0;
  #at: Instant;

  /** @param from before this instant only own moves count; what stood under tags dropped before is not known exactly. */
  constructor(history: History, from: Instant) {
    this.#history = history;
    this.#at = from;
    this.#events = Object.entries(history.repos)
      .flatMap(([repository, { events }]) => events.map((event) => ({ repository, at: Date.parse(event.at), event })))
      .sort((a, b) => a.at - b.at);
    for (const repository of Object.keys(history.repos)) this.#tags.set(repository, new Map());
    this.#apply(from, () => undefined);
  }

  get at(): Instant {
    return this.#at;
  }

  get repositories(): readonly string[] {
    return [...this.#tags.keys()];
  }

  /** `undefined` for a repository that is not part of the history. */
  tagsOf(repository: string): ReadonlyMap<string, WorldTag> | undefined {
    return this.#tags.get(repository);
  }

  digestOf(repository: string, name: string): Digest | undefined {
    return this.#buildOf(repository, name)?.digest;
  }

  /** By digest, whatever stands for it today. */
  findBuild(digest: Digest): ImageBuild | undefined {
    return this.#builds.get(digest);
  }

  findChild(digest: Digest): ChildBuild | undefined {
    return this.#children.get(digest);
  }

  /** @param onMove is told of each tag that moves, once per commit that moves it. */
  moveTo(at: Instant, onMove: (repository: string, tag: string) => void = () => undefined): void {
    if (at < this.#at) throw new Error('the world moves forward only');
    // What is live has its digest from the beginning on, so that each move is noticed.
    if (this.#builds.size === 0)
      for (const { repository, tags } of this.#live.values()) for (const tag of tags) this.#buildOf(repository, tag);
    this.#apply(at, (repository, names, when) => {
      let moved = names.filter((name) => this.#refresh(repository, name, when)).map((name) => ({ repository, name }));
      while (moved.length > 0) {
        for (const one of moved) onMove(one.repository, one.name);
        moved = moved.flatMap((one) => this.#ripple(`${one.repository}:${one.name}`, when));
      }
    });
    this.#at = at;
  }

  #apply(until: Instant, onSet: (repository: string, names: readonly string[], at: Instant) => void): void {
    for (; this.#next < this.#events.length; this.#next += 1) {
      const one = this.#events[this.#next];
      if (one === undefined || one.at > until) return;
      const { repository, at, event } = one;
      for (const name of event.del ?? []) this.#drop(repository, name);
      const set = Object.entries(event.set ?? {});
      for (const [id, names] of set) this.#nameVersions(repository, id, names, event);
      for (const [id, names] of set) for (const name of names) this.#set(repository, name, id, at);
      onSet(
        repository,
        set.flatMap(([, names]) => names),
        at,
      );
    }
  }

  #set(repository: string, name: string, id: string, at: Instant): void {
    const tags = this.#tags.get(repository);
    const before = tags?.get(name);
    if (before?.isLive === true) this.#unlink(repository, name, before.id);
    if (before === undefined) tags?.set(name, { bornAt: at, pushedAt: at, isLive: true, id });
    else Object.assign(before, { isLive: true, id, ...(before.build === undefined ? { pushedAt: at } : {}) });
    const key = `${repository} ${id}`;
    const live = this.#live.get(key) ?? { repository, id, tags: new Set() };
    this.#live.set(key, live);
    live.tags.add(name);
    for (const parent of this.#parentsOf(repository, id)) {
      const others = this.#builtOn.get(parent) ?? new Set();
      this.#builtOn.set(parent, others.add(live));
    }
  }

  #drop(repository: string, name: string): void {
    const tag = this.#tags.get(repository)?.get(name);
    if (tag?.isLive !== true) return;
    this.#unlink(repository, name, tag.id);
    tag.isLive = false;
  }

  #unlink(repository: string, name: string, id: string): void {
    const live = this.#live.get(`${repository} ${id}`);
    live?.tags.delete(name);
    if (live === undefined || live.tags.size > 0) return;
    this.#live.delete(`${repository} ${id}`);
    for (const parent of this.#parentsOf(repository, id)) this.#builtOn.get(parent)?.delete(live);
  }

  /** Builds a tag anew. Whether it moved. */
  #refresh(repository: string, name: string, at: Instant): boolean {
    const tag = this.#tags.get(repository)?.get(name);
    if (tag === undefined) return false;
    const build = this.#make(repository, tag.id, true);
    if (tag.build?.digest === build.digest) return false;
    Object.assign(tag, { build, pushedAt: at });
    return true;
  }

  #ripple(parent: string, at: Instant): readonly { readonly repository: string; readonly name: string }[] {
    return [...(this.#builtOn.get(parent) ?? [])].flatMap(({ repository, tags }) =>
      [...tags].filter((name) => this.#refresh(repository, name, at)).map((name) => ({ repository, name })),
    );
  }

  #buildOf(repository: string, name: string): ImageBuild | undefined {
    const tag = this.#tags.get(repository)?.get(name);
    if (tag !== undefined) tag.build ??= this.#make(repository, tag.id, tag.isLive);
    return tag?.build;
  }

  #make(repository: string, id: string, isLive: boolean): ImageBuild {
    const findParent = (reference: string) => {
      const colon = reference.indexOf(':');
      return isLive ? this.#buildOf(reference.slice(0, colon), reference.slice(colon + 1)) : undefined;
    };
    const children = this.#entriesOf(repository, id).flatMap(({ part, entry }) => {
      const version = this.#versions.get(`${repository} ${part}`) ?? '';
      return buildEntry({ repository, entry, version, findParent });
    });
    const made = joinChildren(children);
    const known = this.#builds.get(made.digest);
    if (known !== undefined) return known;
    this.#builds.set(made.digest, made);
    for (const child of made.children) this.#children.set(child.digest, child);
    return made;
  }

  #nameVersions(repository: string, id: string, names: readonly string[], { set = {} }: HistoryEvent): void {
    for (const { part } of this.#entriesOf(repository, id)) {
      const key = `${repository} ${part}`;
      if (!this.#versions.has(key)) this.#versions.set(key, versionOfTags(set[part] ?? names));
    }
  }

  #parentsOf(repository: string, id: string): ReadonlySet<string> {
    return new Set(this.#entriesOf(repository, id).flatMap(({ entry }) => parentOf(entry) ?? []));
  }

  #entriesOf(repository: string, id: string) {
    const entries = this.#history.repos[repository]?.entries;
    return id.split('+').flatMap((part) => {
      const entry = entries?.[part];
      return entry === undefined ? [] : [{ part, entry }];
    });
  }
}
