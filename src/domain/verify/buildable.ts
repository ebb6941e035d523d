import type { Reference } from '../image/reference.ts';

/** One way in which a tree builds an image that somebody ships or runs. */
export type Buildable = {
  /** What people call it: what it is tagged as, else its Dockerfile and target. Unique in its tree. */
  readonly name: string;
  /** The Dockerfile, or the document that carries it. */
  readonly path: string;
  /** The text of a Dockerfile that a document carries. */
  readonly inline?: string;
  /** Relative to the root of the tree; `''` is the root. */
  readonly context: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** Named contexts; paths relative to the root of the tree. */
  readonly contexts: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
  /** Canonical references of all images that the build needs, sorted. */
  readonly images: readonly string[];
  /** As written and as far as it was expanded: images that the builder alone can name, for an argument has no value here. */
  readonly unnamed: readonly string[];
  /** What its final stage is built on, unless that is empty. */
  readonly base?: Reference;
  /** Canonical references of what comes out. */
  readonly produces: readonly string[];
  /** Why it cannot be built by itself, in one clause. */
  readonly obstacle?: string;
};

export type ChangedBuild = { readonly before: Buildable; readonly after: Buildable };

export type ChangedBuilds = {
  readonly changed: readonly ChangedBuild[];
  /** Changed, and not to be proven by building. */
  readonly unproven: readonly { readonly name: string; readonly reason: string }[];
};

/**
 * Which builds need other images after a change than before it, and those that are built on one of these.
 *
 * A build is known again by its name: one that is new has nothing to be compared with.
 */
export function findChangedBuilds(before: readonly Buildable[], after: readonly Buildable[]): ChangedBuilds {
  const old = new Map(before.map((build) => [build.name, build]));
  const pairs = after.flatMap((build): readonly ChangedBuild[] => {
    const same = old.get(build.name);
    return same === undefined ? [] : [{ before: same, after: build }];
  });
  const changed = withDependents(pairs, new Set(pairs.filter(hasOtherImages)));
  const fresh = after.filter((build) => !old.has(build.name) && build.images.length > 0);
  const obstacleOf = ({ before: one, after: other }: ChangedBuild) => other.obstacle ?? one.obstacle;
  return {
    changed: changed.filter((pair) => obstacleOf(pair) === undefined),
    unproven: [
      ...changed.flatMap((pair) => {
        const reason = obstacleOf(pair);
        return reason === undefined ? [] : [{ name: pair.after.name, reason }];
      }),
      ...fresh.map(({ name }) => ({ name, reason: 'it is new, so that there is nothing to compare it with' })),
    ],
  };
}

function hasOtherImages({ before, after }: ChangedBuild): boolean {
  const needs = ({ images, unnamed }: Buildable) => [...images, '', ...unnamed].join('\n');
  return needs(before) !== needs(after);
}

/** In the order of `pairs`. */
function withDependents(pairs: readonly ChangedBuild[], changed: ReadonlySet<ChangedBuild>): readonly ChangedBuild[] {
  const produced = new Set([...changed].flatMap(({ after }) => after.produces));
  const more = pairs.filter((pair) => !changed.has(pair) && pair.after.images.some((image) => produced.has(image)));
  return more.length === 0
    ? pairs.filter((pair) => changed.has(pair))
    : withDependents(pairs, new Set([...changed, ...more]));
}
