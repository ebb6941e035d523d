import { cutDigest } from '../image/cut-digest.ts';
import type { EventKind, MoveCause } from './event.ts';

/** One clause: what happened and why. Digests are cut to twelve digits. */
export function describeEvent(what: EventKind): string {
  switch (what.kind) {
    case 'tag-moved':
      return `moved: ${describeCause(what.cause)}`;
    case 'moved-back':
      return `moved back to ${cutDigest(what.to)}, which it stood for before`;
    case 'version-released':
      return what.repository === undefined
        ? `${what.newTag} is out (${what.lane})`
        : `${what.repository}:${what.newTag} takes its place`;
    case 'tag-gone':
      return 'the registry does not know the tag any more';
    case 'tag-dropped':
      return 'its publisher does not rebuild the tag any more: it can be pulled, and is never patched again';
    case 'line-ended':
      return `${what.product} ${what.line} is past its end of life${what.endedOn === undefined ? '' : ` (${what.endedOn})`}`;
  }
}

/** Half a sentence: why a tag moved. */
export function describeCause(cause: MoveCause): string {
  switch (cause.kind) {
    case 'os-changed':
      return `the operating system underneath changed from ${cause.from} to ${cause.to}, which weighs like a major version`;
    case 'new-version':
      return `${cause.to} took the place of ${cause.from}`;
    case 'base-moved':
      return `its own base ${cause.base} was rebuilt`;
    case 'platform-gone':
      return `it has no image for ${cause.platform} any more`;
    case 'rebuilt':
      return 'it was rebuilt';
    case 'unread':
      return `why is not known (${cause.reason})`;
  }
}
