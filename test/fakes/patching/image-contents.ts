import type { Digest } from '../../../src/domain/image/manifest.ts';
import type { History } from '../history/history.ts';
import { TagWorld } from '../history/tag-world.ts';
import type { FixList, ImageSources } from './fix-list.ts';
import type { PublishedFix } from './published-fixes.ts';

/** When what is in an image was taken from the archive: Debian's own packages with its base, the others when it was built. */
export type Content = { readonly baseAt: number; readonly ownAt: number };

const platformText = 'linux/amd64';
const dated = /-(\d{4})(\d\d)(\d\d)(?:-slim)?$/;

/**
 * A history of tags, with what images hold. Debian's own are made from a snapshot of the archive at the beginning of the day that
 * their dated tag names; what others add is of the instant at which they were built.
 */
export class ImageContents {
  readonly world: TagWorld;
  readonly #times: readonly number[];
  readonly #list: FixList;
  readonly #snapshots = new Map<Digest, number>();
  readonly #builtAt = new Map<Digest, number>();
  /** Every digest that a tag in the list was seen to stand for, oldest first. */
  readonly pushes = new Map<string, { readonly at: number; readonly digest: Digest }[]>();

  constructor(history: History, list: FixList, from: number) {
    this.world = new TagWorld(history, from);
    this.#list = list;
    const events = Object.values(history.repos).flatMap(({ events: all }) => all.map(({ at }) => Date.parse(at)));
    this.#times = [...new Set(events.filter((at) => at > from))].sort((a, b) => a - b);
    for (const repository of this.world.repositories)
      for (const [tag, { pushedAt }] of this.world.tagsOf(repository) ?? []) this.#see(repository, tag, pushedAt);
  }

  /** Commit by commit, so that each content has the instant at which it came. */
  moveTo(at: number): void {
    for (const time of this.#times)
      if (time > this.world.at && time <= at)
        this.world.moveTo(time, (repository, tag) => this.#see(repository, tag, time));
    this.world.moveTo(at);
  }

  /** @param index what a tag stood for. */
  contentOf(index: Digest): Content {
    const child = this.childOf(index);
    const base = this.world.findChild(child)?.base?.digest ?? child;
    const baseAt = this.#snapshots.get(base) ?? this.#snapshots.get(child);
    if (baseAt === undefined) throw new Error(`nothing tells from which day the packages of ${index} are`);
    return { baseAt, ownAt: this.#builtAt.get(child) ?? baseAt };
  }

  /** The image of the one platform that is replayed. */
  childOf(index: Digest): Digest {
    const child = this.world.findBuild(index)?.children.find((one) => one.platformText === platformText);
    if (child === undefined) throw new Error(`${index} has no image for ${platformText}`);
    return child.digest;
  }

  #see(repository: string, tag: string, at: number): void {
    const name = `${repository}:${tag}`;
    const day = repository === 'debian' ? dated.exec(tag) : null;
    if (day === null && this.#list.images[name] === undefined) return;
    const index = this.world.digestOf(repository, tag);
    if (index === undefined) return;
    const child = this.world.findBuild(index)?.children.find((one) => one.platformText === platformText)?.digest;
    if (child === undefined) return;
    // A platform that was not built anew keeps the packages of the earlier day.
    if (day !== null && !this.#snapshots.has(child))
      this.#snapshots.set(child, Date.parse(`${day[1]}-${day[2]}-${day[3]}T00:00:00Z`));
    if (!this.#builtAt.has(child)) this.#builtAt.set(child, at);
    if (this.#list.images[name] === undefined) return;
    const pushes = this.pushes.get(name) ?? [];
    this.pushes.set(name, pushes);
    if (pushes.at(-1)?.digest !== index) pushes.push({ at, digest: index });
  }
}

/** Fixes that could be installed and that an image does not have. @param fixes of all releases */
export function missingFixes(
  { release, base, sources }: ImageSources,
  { baseAt, ownAt }: Content,
  fixes: readonly PublishedFix[],
  now: number,
): readonly PublishedFix[] {
  const [own, inherited] = [new Set(sources), new Set(base)];
  return fixes.filter(
    (fix) =>
      fix.release === release &&
      own.has(fix.source) &&
      fix.publishedAt <= now &&
      fix.publishedAt > (inherited.has(fix.source) ? baseAt : ownAt),
  );
}
