import { cutsValue } from '../dockerfile/cuts-value.ts';
import type { Edit } from '../dockerfile/edit.ts';
import { expandedText, planEdit, planPinInWord } from '../dockerfile/edit.ts';
import { type Replacement, replacedLines } from '../dockerfile/replaced-lines.ts';
import type { ImageUse } from '../image/image-use.ts';
import { indexLines, type LineIndex } from '../source/lines.ts';
import { type ChangedUse, changedUses } from './changed-uses.ts';

/** One file as it was read. */
export type EditableFile = { readonly text: string; readonly uses: readonly ImageUse[] };

/** A use, and what it is to name, as the file writes it. */
export type Wish = ChangedUse;

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
  const changed = changedUses(file.text, file.uses);
  const edits = new Map<string, Edit>();
  const done: FulfilledWish[] = [];
  const followed = new Map<ImageUse, string>();
  const refused: RefusedWish[] = [];
  // A file may name thousands of images by one build argument: the same edits are looked at once.
  const known = new Map<string, string | undefined>();
  const refusalOf = (wish: Wish, own: readonly Edit[]) => {
    const key = JSON.stringify(own);
    if (known.has(key)) return known.get(key);
    const reason =
      clash(own, edits, lines) ?? strayFollower({ wish, own, changed: changed(own), wanted, mayFollow, lines });
    known.set(key, reason);
    if (reason === undefined)
      for (const other of changed(own)) if (!wanted.has(other.use)) followed.set(other.use, other.after);
    return reason;
  };
  const asked = new Map<readonly Edit[], boolean>();
  const isAccepted = (wish: Wish, whole: readonly Edit[]) => {
    const answer = asked.get(whole) ?? refusalOf(wish, whole) === undefined;
    asked.set(whole, answer);
    return answer;
  };
  const written = new Set<readonly Edit[]>();
  const planned = planEach(file, wishes, changed);
  const joint = joinShared(planned.flatMap(({ own }) => (typeof own === 'string' ? [] : [own])));
  for (const { wish, own } of planned) {
    const refuse = (reason: string) => refused.push({ ...wish, reason, ...rewriteOf(wish, file.text, lines) });
    if (typeof own === 'string') {
      refuse(own);
      continue;
    }
    const reason = refusalOf(wish, own);
    // Others may need the same argument, and each a change in its own words: then all go, or none.
    const whole = reason === undefined ? own : joint(own);
    if (reason !== undefined && !isAccepted(wish, whole)) {
      refuse(reason);
      continue;
    }
    if (!written.has(whole)) for (const edit of whole) edits.set(JSON.stringify(edit), edit);
    written.add(whole);
    done.push({ ...wish, edits: whole });
  }
  return {
    edits: [...edits.values()].toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
    done,
    followed: [...followed].map(([use, after]) => ({ use, after })),
    refused,
  };
}

/** What uses that nothing is wished for may come to name by the edits of one wish. */
export function findFollowers({ text, uses }: EditableFile, wishes: readonly Wish[]): ReadonlySet<string> {
  const wanted = new Set(wishes.map(({ use }) => use));
  const others = uses.filter((use) => !wanted.has(use));
  const changed = changedUses(text, others);
  const plans = planEach({ text, uses }, wishes, changedUses(text, uses))
    .map(({ own }) => own)
    .filter((own) => typeof own !== 'string');
  const distinct = new Map(plans.map((own) => [JSON.stringify(own), own]));
  return new Set([...distinct.values()].flatMap((own) => [...changed(own)].map(({ after }) => after)));
}

type PlannedWish = { readonly wish: Wish; readonly own: readonly Edit[] | string };

/** A digest follows its tag into a build argument, but not into one that would put it into the name of another image. */
function planEach(
  { text }: EditableFile,
  wishes: readonly Wish[],
  changed: (edits: readonly Edit[]) => Iterable<ChangedUse>,
): readonly PlannedWish[] {
  const wanted = new Map(wishes.map(({ use, after }) => [use, after]));
  const known = new Map<string, boolean>();
  const isStray = (own: readonly Edit[]) => {
    const key = JSON.stringify(own);
    const answer =
      known.get(key) ?? [...changed(own)].some(({ use, after }) => after.includes('@') && wanted.get(use) !== after);
    known.set(key, answer);
    return answer;
  };
  return wishes.map((wish) => {
    const own = editsOf(wish, text, planEdit);
    const isPinned = wish.after.includes('@') && !expandedText(wish.use).includes('@');
    if (!isPinned || (typeof own !== 'string' && !isStray(own))) return { wish, own };
    const isWhole = text.slice(wish.use.span.start, wish.use.span.end) === wish.use.written;
    const inWord = isWhole ? editsOf(wish, text, planPinInWord) : own;
    return { wish, own: typeof inWord === 'string' ? own : inWord };
  });
}

function editsOf({ use, after }: Wish, text: string, plan: typeof planPinInWord): readonly Edit[] | string {
  const edits = plan(use, after);
  if (edits === undefined) {
    const isElsewhere = use.pieces.some(({ span }) => span === undefined);
    return isElsewhere
      ? 'a part of it does not stand in this file as it is read: it is folded or escaped, or given by an argument from outside'
      : 'its parts come from one place that would have to hold two values';
  }
  if (edits.some(({ span }) => cutsValue(use, span, text)))
    return 'it takes only a part of the value of a build argument, whose rest would stay behind';
  return edits;
}

type Following = {
  readonly wish: Wish;
  readonly own: readonly Edit[];
  readonly changed: Generator<ChangedUse>;
  readonly wanted: ReadonlyMap<ImageUse, string>;
  readonly mayFollow: (use: ImageUse, after: string) => boolean;
  readonly lines: LineIndex;
};

function strayFollower({ wish, own, changed, wanted, mayFollow, lines }: Following): string | undefined {
  const stray = changed.find(
    ({ use, after }) => wanted.get(use) !== after && !(wanted.get(use) === undefined && mayFollow(use, after)),
  );
  if (stray === undefined) return undefined;
  const shared = own.find(({ span }) => span.start < wish.use.span.start || span.end > wish.use.span.end);
  const place = shared === undefined ? 'the same text' : `line ${lines.lineAt(shared.span.start)}`;
  return `${place} also spells the image of line ${stray.use.line}, which would become ${stray.after}: no such image may be written there`;
}

/** Of the edits of one wish: with them those of all wishes that are tied to it by edits they share. */
function joinShared(plans: readonly (readonly Edit[])[]): (own: readonly Edit[]) => readonly Edit[] {
  const groupOf = new Map<string, Map<string, Edit>>();
  const listed = new Map<Map<string, Edit>, readonly Edit[]>();
  for (const own of plans) {
    const named = own.map((edit) => [JSON.stringify(edit), edit] as const);
    const met = new Set(named.flatMap(([name]) => groupOf.get(name) ?? []));
    // Into the largest, so that no edit is moved often.
    const [group = new Map<string, Edit>(), ...others] = [...met].toSorted((a, b) => b.size - a.size);
    for (const [name, edit] of [...others.flatMap((other) => [...other]), ...named]) {
      group.set(name, edit);
      groupOf.set(name, group);
    }
  }
  return (own) => {
    const group = own[0] && groupOf.get(JSON.stringify(own[0]));
    if (group === undefined) return own;
    const all = listed.get(group) ?? [...group.values()];
    listed.set(group, all);
    return all;
  };
}

/** Two wishes that change the same characters otherwise. @param known by its JSON. */
function clash(own: readonly Edit[], known: ReadonlyMap<string, Edit>, lines: LineIndex): string | undefined {
  const place = own.find((edit) => {
    if (known.has(JSON.stringify(edit))) return false;
    return known.values().some((other) => overlaps(edit, other));
  });
  return place === undefined
    ? undefined
    : `line ${lines.lineAt(place.span.start)} would have to be changed in two ways at once`;
}

function overlaps({ span: one }: Edit, { span: other }: Edit): boolean {
  const isCrossed = one.start < other.end && other.start < one.end;
  return isCrossed || (one.start === other.start && one.end === other.end);
}

/** The reference written out in its own place, where that is a stretch of one line. */
function rewriteOf({ use, after }: Wish, text: string, lines: LineIndex): Pick<RefusedWish, 'rewrite'> {
  const written = text.slice(use.span.start, use.span.end);
  if (written !== use.written) return {};
  return { rewrite: replacedLines([{ span: use.span, text: after }], text, lines) };
}
