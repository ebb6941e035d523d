import type { ImageSource } from '../../domain/deadline/release-image.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { CommitTrace, Releases, TracedCommit } from '../../ports/releases.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import type { ReleasedTag } from './list-released-tags.ts';

export type FoundSource = { readonly source: ImageSource; readonly committedAt?: Instant };

type Asked = {
  readonly tags: readonly ReleasedTag[];
  /** The commit that the branch was read at. */
  readonly head: string | undefined;
  /** Commits at which the branch was seen free of something. */
  readonly merged: readonly string[];
};

/**
 * Which commit of a repository each image was built from: the one that it names, else that of the git tag with its version. A label
 * that names no commit of this repository may be the base's.
 *
 * @param releases absent: it is no git repository
 */
export async function findSources(
  releases: Releases | undefined,
  { tags, head, merged }: Asked,
): Promise<(tag: ReleasedTag) => FoundSource> {
  if (releases === undefined) return () => unknown('its commit cannot be looked for: the tree is no git repository');
  try {
    const gitTags = new Map<string, string>();
    await releases.list((names) => {
      const there = new Set(names);
      for (const { tag } of tags) {
        const name = [tag, `v${tag}`, tag.replace(/^v/, '')].find((one) => there.has(one));
        if (name !== undefined) gitTags.set(tag, name);
      }
      return [];
    });
    const trace = await releases.trace({
      commits: tags.flatMap(({ revision }) => revision ?? []),
      tags: [...new Set(gitTags.values())],
      since: merged,
      ...(head === undefined ? {} : { head }),
    });
    return (tag) => sourceOf(tag, gitTags.get(tag.tag), trace);
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    return () => unknown(`its commit cannot be looked for: ${error.message}`);
  }
}

function sourceOf({ revision }: ReleasedTag, gitTag: string | undefined, trace: CommitTrace): FoundSource {
  const named = revision === undefined ? undefined : trace.commits.get(revision);
  const found = named ?? (gitTag === undefined ? undefined : trace.tags.get(gitTag));
  if (found === undefined) return unknown(whyUnknown(revision, trace));
  if (!found.isOnBranch && found.follows.length === 0) return { ...unknown(whyApart(found, trace)), ...dateOf(found) };
  const { isOnBranch, follows } = found;
  return { source: { kind: 'commit', revision: found.revision, isOnBranch, follows }, ...dateOf(found) };
}

function whyUnknown(revision: string | undefined, { isWhole }: CommitTrace): string {
  if (revision === undefined)
    return 'it names no commit (label org.opencontainers.image.revision), and no git tag has its version';
  return `it names the commit ${revision.slice(0, 12)}, which is not in the repository${isWhole ? '' : fetchWhole}`;
}

function whyApart({ revision }: TracedCommit, { isWhole }: CommitTrace): string {
  return `its commit ${revision.slice(0, 12)} is not on the branch, nor after what was merged there${isWhole ? '' : fetchWhole}`;
}

const fetchWhole = ' as far as a shallow clone shows: fetch it whole (fetch-depth: 0)';

function dateOf({ committedAt }: TracedCommit): Pick<FoundSource, 'committedAt'> {
  return { committedAt };
}

function unknown(reason: string): FoundSource {
  return { source: { kind: 'unknown', reason } };
}
