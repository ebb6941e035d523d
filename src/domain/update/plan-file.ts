import { cutsValue } from '../dockerfile/cuts-value.ts';
import type { Edit } from '../dockerfile/edit.ts';
import { expandedAfter, expandedText, planEdit } from '../dockerfile/edit.ts';
import { type Replacement, replacedLines } from '../dockerfile/replaced-lines.ts';
import type { ImageUse } from '../image/image-use.ts';
import { indexLines, type LineIndex } from '../source/lines.ts';

/** One file as it was read. */
export type EditableFile = { readonly text: string; readonly uses: readonly ImageUse[] };

/** A use, and what it is to name, as the file writes it. */
export type Wish = { readonly use: ImageUse; readonly after: string };

export type FilePlan = {
  /** In the order of the text, without overlaps. */
  readonly edits: readonly Edit[];
  readonly done: readonly FulfilledWish[];
  /** Uses that change with a build argument which a wish changes, and that may. */
  readonly followed: readonly Wish[];
  readonly refused: readonly RefusedWish[];
};

/** `edits`: what it takes, of those of the plan; several wishes may share some. */
export type FulfilledWish = Wish & { readonly edits: readonly Edit[] };

/** `rewrite`: lines that would make it possible. */
export type RefusedWish = Wish & { readonly reason: string; readonly rewrite?: readonly Replacement[] };

/**
 * The edits that fulfil wishes within one file: in the words themselves, or in the defaults of the build arguments that spell
 * them. A build argument that spells other images too is changed only where each of them then names what it is wished
 * to, or what may follow.
 *
 * @param mayFollow whether an image of that name is there: the other use would come to name it.
 */
export function planFile(
  file: EditableFile,
  wishes: readonly Wish[],
  mayFollow: (use: ImageUse, after: string) => boolean,
): FilePlan {
  const lines = indexLines(file.text);
  const wanted = new Map(wishes.map(({ use, after }) => [use, after]));
  const edits: Edit[] = [];
  const done: FulfilledWish[] = [];
  const followed = new Map<ImageUse, string>();
  const refused: RefusedWish[] = [];
  for (const wish of wishes) {
    const own = editsOf(wish, file.text);
    const reason =
      typeof own === 'string'
        ? own
        : (clash(own, edits, lines) ?? strayFollower(wish, own, file, wanted, mayFollow, lines));
    if (typeof own === 'string' || reason !== undefined) {
      refused.push({ ...wish, reason: reason ?? '', ...rewriteOf(wish, file.text, lines) });
      continue;
    }
    edits.push(...own.filter((edit) => !edits.some((known) => isSame(known, edit))));
    done.push({ ...wish, edits: own });
    for (const other of followers(wish, own, file.uses))
      if (!wanted.has(other.use)) followed.set(other.use, other.after);
  }
  return {
    edits: edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
    done,
    followed: [...followed].map(([use, after]) => ({ use, after })),
    refused,
  };
}

/** Uses other than the wish's own that its edits change, with what they come to name. */
export function findFollowers(file: EditableFile, wish: Wish): readonly Wish[] {
  const own = editsOf(wish, file.text);
  return typeof own === 'string' ? [] : followers(wish, own, file.uses);
}

function editsOf({ use, after }: Wish, text: string): readonly Edit[] | string {
  const edits = planEdit(use, after);
  if (edits === undefined) {
    const isElsewhere = use.pieces.some(({ span }) => span === undefined);
    return isElsewhere
      ? 'a part of it stands nowhere in this file: a build argument from outside, or a platform, gives it'
      : 'its parts come from one place that would have to hold two values';
  }
  if (edits.some(({ span }) => cutsValue(use, span, text)))
    return 'it takes only a part of the value of a build argument, whose rest would stay behind';
  return edits;
}

function followers(wish: Wish, edits: readonly Edit[], uses: readonly ImageUse[]): readonly Wish[] {
  return uses.flatMap((use) => {
    if (use === wish.use) return [];
    const after = expandedAfter(use.pieces, edits);
    return after === expandedText(use) ? [] : [{ use, after }];
  });
}

function strayFollower(
  wish: Wish,
  edits: readonly Edit[],
  { uses }: EditableFile,
  wanted: ReadonlyMap<ImageUse, string>,
  mayFollow: (use: ImageUse, after: string) => boolean,
  lines: LineIndex,
): string | undefined {
  const stray = followers(wish, edits, uses).find(
    ({ use, after }) => wanted.get(use) !== after && !(wanted.get(use) === undefined && mayFollow(use, after)),
  );
  if (stray === undefined) return undefined;
  const shared = edits.find(({ span }) => span.start < wish.use.span.start || span.end > wish.use.span.end);
  const place = shared === undefined ? 'the same text' : `line ${lines.lineAt(shared.span.start)}`;
  return `${place} also spells the image of line ${stray.use.line}, which would become ${stray.after}: no such image may be written there`;
}

/** Two wishes that change the same characters otherwise. */
function clash(own: readonly Edit[], known: readonly Edit[], lines: LineIndex): string | undefined {
  const found = own.find((edit) =>
    known.some((other) => !isSame(edit, other) && edit.span.start < other.span.end && other.span.start < edit.span.end),
  );
  const touching = own.find((edit) =>
    known.some(
      (other) => !isSame(edit, other) && edit.span.start === other.span.start && edit.span.end === other.span.end,
    ),
  );
  const place = found ?? touching;
  return place === undefined
    ? undefined
    : `line ${lines.lineAt(place.span.start)} would have to be changed in two ways at once`;
}

function isSame(one: Edit, other: Edit): boolean {
  return one.span.start === other.span.start && one.span.end === other.span.end && one.text === other.text;
}

/** The reference written out in its own place, where that is a stretch of one line. */
function rewriteOf({ use, after }: Wish, text: string, lines: LineIndex): Pick<RefusedWish, 'rewrite'> {
  const written = text.slice(use.span.start, use.span.end);
  if (written !== use.written) return {};
  return { rewrite: replacedLines([{ span: use.span, text: after }], text, lines) };
}
