import type { Catalog } from '../../../src/domain/catalog/catalog.ts';
import type { Watch, WatchedImage, WatchedTag } from '../../../src/domain/monitor/watched-image.ts';
import type { CycleResult } from '../../../src/flows/monitor/monitor-cycle.ts';
import type { EventResult } from '../../../src/flows/monitor/monitor-result.ts';
import { checkCandidates, type Failure } from './candidate-checks.ts';
import { ExpectedMoves } from './expected-moves.ts';
import { looksPrerelease } from './tag-text.ts';
import type { TagWorld } from './tag-world.ts';

const library = 'docker.io/library/';

/** Holds each cycle against the history. */
export class CycleChecks {
  readonly #world: TagWorld;
  readonly #moves: ExpectedMoves;
  readonly #told = new Set<string>();
  /** Tags that were rebuilt when they were looked at last. */
  readonly #maintained = new Set<string>();

  constructor(world: TagWorld) {
    this.#world = world;
    this.#moves = new ExpectedMoves(world);
  }

  /** @param looks the tags that the registry was asked for in this cycle. */
  check(watch: Watch, result: CycleResult, looks: readonly string[], catalog: Catalog): readonly Failure[] {
    const events = Map.groupBy(result.events, ({ reference }) => reference);
    const watched = watch.images.flatMap((image) => image.tags.map((tag) => ({ image, tag })));
    const today = new Date(this.#world.at).toISOString().slice(0, 10);
    return [
      ...this.#checkLooks(watch, looks),
      ...watched.flatMap(({ image, tag }) =>
        this.#checkTag(image, tag, events.get(`${image.image}:${tag.tag}`) ?? [], catalog),
      ),
      ...result.events.flatMap((event) => this.#checkOnce(event)),
      ...result.images.flatMap((image) => {
        const tags = this.#world.tagsOf(image.image.slice(library.length)) ?? new Map();
        return checkCandidates(image, tags, catalog, today);
      }),
      ...result.images
        .filter(({ status }) => status !== 'verified')
        .map(({ reference }) => ({ property: 'every tag in use is verified', example: `${today} ${reference}` })),
    ];
  }

  #checkLooks(watch: Watch, looks: readonly string[]): readonly Failure[] {
    const counts = new Map<string, number>();
    for (const look of looks) counts.set(look, (counts.get(look) ?? 0) + 1);
    const used = new Set(
      watch.images.flatMap(({ image, tags }) => tags.map(({ tag }) => `${image.slice(library.length)}:${tag}`)),
    );
    // What was offered is looked at as well: a move since then is one that a later user has to be told of.
    for (const look of counts.keys()) if (!used.has(look)) this.#look(look, []);
    const wrong = [...new Set([...used, ...counts.keys()])].filter((look) => counts.get(look) !== 1);
    return wrong.map((look) => ({
      property: 'one look at each tag',
      example: `${this.#day()} ${look}: ${counts.get(look) ?? 0}`,
    }));
  }

  #checkTag(
    image: WatchedImage,
    { tag, platforms }: WatchedTag,
    events: readonly EventResult[],
    catalog: Catalog,
  ): readonly Failure[] {
    const name = `${image.image.slice(library.length)}:${tag}`;
    const failures: Failure[] = [];
    const expected = this.#look(name, platforms);
    const moves = events.filter(({ kind }) => kind === 'tag-moved' || kind === 'moved-back');
    const told = moves.map(({ kind, from, to }) => `${kind} ${from} ${to}`).join(', ');
    const wanted = expected.kind === 'nothing' ? '' : `${expected.kind} ${expected.from} ${expected.to}`;
    if (told !== wanted)
      failures.push({
        property: 'each move is seen in the next cycle, and nothing else is',
        example: `${this.#day()} ${name}: told ${told || 'nothing'}, wanted ${wanted || 'nothing'}`,
      });
    const isDropped = events.some(({ kind }) => kind === 'tag-dropped');
    const isMaintained = this.#isMaintained(name, catalog);
    if (isDropped !== (this.#maintained.has(name) && !isMaintained))
      failures.push({ property: 'a dropped tag is told once it is dropped', example: `${this.#day()} ${name}` });
    if (isMaintained) this.#maintained.add(name);
    else this.#maintained.delete(name);
    return failures;
  }

  #checkOnce({ at, reference, kind, text, lane, repository, newTag }: EventResult): readonly Failure[] {
    // A move or an end may come again at another time; a version is released once.
    const when = kind === 'version-released' ? '' : at;
    const name = [reference, kind, lane, repository, newTag, kind === 'line-ended' ? text : when].join(' ');
    const isAgain = this.#told.has(name);
    this.#told.add(name);
    return isAgain ? [{ property: 'no event is told twice', example: `${this.#day()} ${name}` }] : [];
  }

  #look(name: string, platforms: readonly string[]) {
    const colon = name.indexOf(':');
    return this.#moves.look(name.slice(0, colon), name.slice(colon + 1), platforms);
  }

  /** Of a repository that makes early access only (openjdk), nothing else is maintained. */
  #isMaintained(name: string, { retired }: Catalog): boolean {
    const colon = name.indexOf(':');
    const isEarlyOnly = retired.get(name.slice(0, colon))?.keepsPrereleases === true;
    if (isEarlyOnly && !looksPrerelease(name.slice(colon + 1))) return false;
    return this.#world.tagsOf(name.slice(0, colon))?.get(name.slice(colon + 1))?.isLive === true;
  }

  #day(): string {
    return new Date(this.#world.at).toISOString().slice(0, 10);
  }
}
