import type { UsedImage } from '../image/image-use.ts';
import { parseReference } from '../image/reference.ts';
import { fileLine } from './logical-line.ts';
import { parseMountSource } from './mount-options.ts';
import type { NamedContexts } from './named-contexts.ts';
import type { ProblemList } from './problem-list.ts';
import { isTemplate } from './resolve-image.ts';
import { type Range, type RawFlag, rangeSpan } from './split-instruction.ts';
import type { DraftUse, PendingSource } from './stage-draft.ts';
import { type TracedText, untracedText } from './traced-text.ts';

/** All that the names in `COPY --from` and `RUN --mount=from=` are looked up in. */
export type SourceScope = {
  /** Index of the stage that the instruction runs in; its own index and later ones are refused. */
  readonly stage: number;
  readonly stageCount: number;
  /** By lower-case name; of several the last in the file. */
  readonly indexByName: ReadonlyMap<string, number>;
  readonly contexts: NamedContexts;
  readonly problems: ProblemList;
};

export type ResolvedSource =
  | { readonly kind: 'stage'; readonly index: number }
  | { readonly kind: 'use'; readonly use: DraftUse };

/** The stages and images that one instruction takes files from. */
export function resolveSources(source: PendingSource, scope: SourceScope): readonly ResolvedSource[] {
  const { keyword, flags } = source.split;
  if (keyword === 'RUN')
    return flags.filter(({ name }) => name === 'mount').flatMap((flag) => resolveMount(source, flag, scope));
  const [from, again] = flags.filter(({ name }) => name === 'from');
  if (from === undefined) return [];
  const line = fileLine(source.logical, from.written.start);
  if (keyword === 'ADD') {
    scope.problems.error('unknown-flag', line, 'ADD takes no --from: write COPY --from');
    return [];
  }
  if (again !== undefined)
    scope.problems.error('duplicate-flag', line, 'COPY takes one --from: write one COPY per source');
  if (!from.hasValue) {
    scope.problems.error('missing-flag-value', line, 'COPY --from names nothing: write --from=STAGE or --from=IMAGE');
    return [];
  }
  if (from.value === '') return [];
  const place = { source, range: from.written, traced: from.traced };
  if (/^[+-]?\d+$/.test(from.value)) return resolveIndex(place, scope);
  return resolveName(place, 'copy', scope);
}

type Place = { readonly source: PendingSource; readonly range: Range; readonly traced: TracedText };

function resolveMount(source: PendingSource, flag: RawFlag, scope: SourceScope): readonly ResolvedSource[] {
  const mount = parseMountSource(flag.traced);
  switch (mount.kind) {
    case 'none':
      return [];
    case 'invalid':
      scope.problems.error('invalid-mount', fileLine(source.logical, flag.written.start), mount.reason);
      return [];
    case 'source':
      return resolveName({ source, range: mountRange(source, flag, mount), traced: mount.from }, 'mount', scope);
  }
}

/** The value of `from=` as it stands, or the whole option where quotes keep the two from lining up. */
function mountRange(
  source: PendingSource,
  flag: RawFlag,
  mount: { readonly from: TracedText; readonly offset: number },
): Range {
  const text = source.logical.text.slice(flag.written.start, flag.written.end);
  const { from, offset } = mount;
  const isAligned = text.startsWith(flag.value) || text.slice(offset, offset + from.text.length) === from.text;
  if (isAligned) return { start: flag.written.start + offset, end: flag.written.start + offset + from.text.length };
  const at = text.indexOf(from.text);
  return at < 0 ? flag.written : { start: flag.written.start + at, end: flag.written.start + at + from.text.length };
}

function resolveIndex({ source, range, traced }: Place, scope: SourceScope): readonly ResolvedSource[] {
  const index = Number(traced.text);
  if (index >= 0 && index < scope.stageCount) return resolveStage(index, { source, range, traced }, scope);
  const last = scope.stageCount - 1;
  const message = `COPY --from=${traced.text.slice(0, 40)} names no stage: the stages of this file are 0 to ${last}; better give the stage a name`;
  scope.problems.error('stage-index', fileLine(source.logical, range.start), message, rangeSpan(source.logical, range));
  return [];
}

function resolveStage(index: number, { source, range, traced }: Place, scope: SourceScope): readonly ResolvedSource[] {
  if (index < scope.stage) return [{ kind: 'stage', index }];
  const line = fileLine(source.logical, range.start);
  const span = rangeSpan(source.logical, range);
  const name = traced.text.slice(0, 80);
  if (index === scope.stage)
    scope.problems.error(
      'circular-stage',
      line,
      `${name} is this stage itself: take the files from an earlier one`,
      span,
    );
  else scope.problems.error('stage-order', line, `stage ${name} stands further down: move it before this one`, span);
  return [];
}

function resolveName(place: Place, purpose: 'copy' | 'mount', scope: SourceScope): readonly ResolvedSource[] {
  const { source, range, traced } = place;
  const index = scope.indexByName.get(traced.text.toLowerCase());
  if (index !== undefined) return resolveStage(index, place, scope);
  const replacement = scope.contexts.find(traced.text);
  if (replacement?.kind === 'other') return [];
  const span = rangeSpan(source.logical, range);
  const line = fileLine(source.logical, range.start);
  const image = replacement?.image ?? readSource(traced.text, purpose, { line, span, problems: scope.problems });
  const pieces = replacement === undefined ? traced.pieces : untracedText(replacement.text).pieces;
  const written = source.logical.text.slice(range.start, range.end);
  return [{ kind: 'use', use: { purpose, image, written, line, span, pieces } }];
}

function readSource(
  text: string,
  purpose: 'copy' | 'mount',
  site: {
    readonly line: number;
    readonly span: { readonly start: number; readonly end: number };
    readonly problems: ProblemList;
  },
): UsedImage {
  if (text === 'scratch') return { kind: 'scratch' };
  const parsed = parseReference(text);
  if (parsed.kind === 'ok') return { kind: 'reference', reference: parsed.reference };
  const what = purpose === 'copy' ? 'COPY --from' : 'RUN --mount from=';
  const shown = text.slice(0, 200);
  if (isTemplate(text)) {
    const reason = 'it is a template: check the file that is made from it';
    site.problems.warning('template', site.line, `${shown} cannot be judged, ${reason}`, site.span);
    return { kind: 'invalid', text, reason };
  }
  if (text.includes('$')) {
    const reason = `${what} takes no variables: give the image a stage of its own (FROM image AS name) and name that`;
    site.problems.error('variable-in-from', site.line, reason, site.span);
    return { kind: 'invalid', text, reason };
  }
  site.problems.error(
    'invalid-reference',
    site.line,
    `${what} names ${shown}, which is neither a stage nor an image: ${parsed.reason.slice(0, 300)}`,
    site.span,
  );
  return { kind: 'invalid', text, reason: parsed.reason };
}
