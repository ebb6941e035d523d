import type { Digest } from '../../../src/domain/image/manifest.ts';
import type { TagWorld } from './tag-world.ts';

/** What has to be told of a tag after a look. `nothing`: it stands where it stood, as far as its users can tell. */
export type ExpectedMove =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'tag-moved' | 'moved-back'; readonly from: Digest; readonly to: Digest };

type Belief = { present: Digest; readonly replaced: Set<Digest>; doubted?: Digest };

/** Tells by the history alone what a monitor has to find: each look is compared with the one before. */
export class ExpectedMoves {
  readonly #world: TagWorld;
  readonly #beliefs = new Map<string, Belief>();

  constructor(world: TagWorld) {
    this.#world = world;
  }

  /** @param platforms in use: a move of others alone has to be silent. */
  look(repository: string, tag: string, platforms: readonly string[]): ExpectedMove {
    const digest = this.#world.digestOf(repository, tag);
    if (digest === undefined) return { kind: 'nothing' };
    const belief = this.#beliefs.get(`${repository}:${tag}`);
    if (belief === undefined) {
      this.#beliefs.set(`${repository}:${tag}`, { present: digest, replaced: new Set() });
      return { kind: 'nothing' };
    }
    const { present, replaced, doubted } = belief;
    delete belief.doubted;
    if (digest === present) return { kind: 'nothing' };
    const isBack = replaced.has(digest);
    if (isBack && doubted !== digest) {
      belief.doubted = digest;
      return { kind: 'nothing' };
    }
    replaced.add(present);
    belief.present = digest;
    if (isBack) return { kind: 'moved-back', from: present, to: digest };
    const isSame = this.#isSame(present, digest, platforms);
    return isSame ? { kind: 'nothing' } : { kind: 'tag-moved', from: present, to: digest };
  }

  /** Whether no platform in use moved; where none of them is there, none at all. */
  #isSame(from: Digest, to: Digest, platforms: readonly string[]): boolean {
    const [before, after] = [from, to].map((digest) => {
      const children = this.#world.findBuild(digest)?.children ?? [];
      return new Map(children.map((child) => [child.platformText, child.digest]));
    });
    if (before === undefined || after === undefined) return false;
    const used = platforms.filter((platform) => before.has(platform));
    const shared = [...before.keys()].filter((platform) => after.has(platform));
    const usedShared = used.filter((platform) => after.has(platform));
    if (usedShared.length < used.length) return false;
    const compared = usedShared.length > 0 ? usedShared : shared;
    return compared.length > 0 && compared.every((platform) => before.get(platform) === after.get(platform));
  }
}
