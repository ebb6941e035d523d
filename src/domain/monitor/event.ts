import type { Lane } from '../candidates/candidate.ts';
import type { Digest } from '../image/manifest.ts';
import type { Instant } from '../source/instant.ts';

/** Something that became true between two sightings. Told once: `key` names it, whatever run finds it again. */
export type MonitorEvent = {
  readonly key: string;
  /** When we saw it. */
  readonly at: Instant;
  /** `docker.io/library/node`. */
  readonly image: string;
  readonly tag: string;
  readonly what: EventKind;
};

export type EventKind =
  | { readonly kind: 'tag-moved'; readonly from: Digest; readonly to: Digest; readonly cause: MoveCause }
  /** The digest is one that the tag stood for before it was replaced; told at the second sighting. */
  | { readonly kind: 'moved-back'; readonly from: Digest; readonly to: Digest }
  | { readonly kind: 'version-released'; readonly lane: Lane; readonly newTag: string; readonly repository?: string }
  /** The registry does not know the tag any more. */
  | { readonly kind: 'tag-gone' }
  /** The official list does not name it any more: it can be pulled, but is never rebuilt. */
  | { readonly kind: 'tag-dropped' }
  | { readonly kind: 'line-ended'; readonly product: string; readonly line: string; readonly endedOn?: string };

/**
 * Why a tag moved. `os-changed` weighs like a major version. `base-moved`: its own base was rebuilt. `new-version`: the tag
 * names a line and a newer version took its place. `platform-gone`: a platform in use has no image any more. `rebuilt`:
 * anything else. `unread`: its content could not be read.
 */
export type MoveCause =
  | { readonly kind: 'os-changed'; readonly from: string; readonly to: string }
  | { readonly kind: 'new-version'; readonly from: string; readonly to: string }
  | { readonly kind: 'base-moved'; readonly base: string; readonly from: Digest; readonly to: Digest }
  | { readonly kind: 'platform-gone'; readonly platform: string }
  | { readonly kind: 'rebuilt' }
  | { readonly kind: 'unread'; readonly reason: string };

/** Names what happened, so that it is told once. A move is another one each time it happens. */
export function eventKey(image: string, tag: string, at: Instant, what: EventKind): string {
  return [image, tag, what.kind, ...particulars(what, at)].join(' ');
}

function particulars(what: EventKind, at: Instant): readonly (string | number)[] {
  switch (what.kind) {
    case 'tag-moved':
    case 'moved-back':
    case 'tag-gone':
      return [at];
    case 'version-released':
      return [what.lane, what.repository ?? '', what.newTag];
    case 'tag-dropped':
      return [];
    case 'line-ended':
      return [what.product, what.line];
  }
}
