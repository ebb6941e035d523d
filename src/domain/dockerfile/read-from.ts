import type { UsedImage } from '../image/image-use.ts';
import { parsePlatform } from '../image/platform.ts';
import { parseReference } from '../image/reference.ts';
import type { Expansion } from './expand.ts';
import type { GlobalArguments } from './global-arguments.ts';
import { fileLine, type LogicalLine, traceLine } from './logical-line.ts';
import type { NamedContexts, Replacement } from './named-contexts.ts';
import type { ProblemList } from './problem-list.ts';
import { isTemplate, type ResolveSite, resolveImage, warnOfUnset } from './resolve-image.ts';
import { type Range, rangeSpan, type SplitInstruction, splitWords } from './split-instruction.ts';
import type { DraftUse, StageDraft } from './stage-draft.ts';
import { untracedText } from './traced-text.ts';

/** What a FROM is read against. */
export type FromScope = {
  readonly globals: GlobalArguments;
  readonly contexts: NamedContexts;
  readonly problems: ProblemList;
  /** Stages so far, by lower-case name; of several the latest. */
  readonly earlier: ReadonlyMap<string, number>;
  readonly isStageVariable: (name: string) => boolean;
};

const stageName = /^[a-z][a-z0-9_.-]*$/;

/** Opens a stage. Wrong words are reported, and the stage is opened all the same so that reading goes on. */
export function readFrom(logical: LogicalLine, split: SplitInstruction, index: number, scope: FromScope): StageDraft {
  const { imageWord, name } = readWords(logical, split, scope.problems);
  const platform = readPlatform(logical, split, scope);
  const stage = { index, name, line: logical.line, instructions: [], sources: [], triggers: [] };
  const none = { ...stage, from: undefined, base: undefined };
  const standIn = name === undefined ? undefined : scope.contexts.find(name);
  if (standIn?.kind === 'other') return { ...none, isBuilt: false };
  if (imageWord === undefined) return { ...none, isBuilt: true };

  const expansion = scope.globals.expand(traceLine(logical, imageWord.start, imageWord.end));
  const text = expansion.kind === 'expanded' ? expansion.value.text : undefined;
  const site = siteOf(logical, imageWord, scope);
  const written = logical.text.slice(imageWord.start, imageWord.end);
  const use = (image: UsedImage, pieces: DraftUse['pieces']): DraftUse => ({
    purpose: 'base',
    image,
    written,
    line: site.line,
    span: site.span,
    pieces,
    ...(platform !== undefined && { platform }),
  });
  const replaced = (replacement: Replacement, isBuilt: boolean): StageDraft =>
    replacement.kind === 'other'
      ? { ...none, isBuilt }
      : { ...stage, from: undefined, base: use(replacement.image, untracedText(replacement.text).pieces), isBuilt };

  if (standIn !== undefined) return replaced(standIn, false);
  const from = text === undefined ? undefined : scope.earlier.get(text);
  if (from !== undefined) {
    if (expansion.kind === 'expanded') warnOfUnset(expansion.unset, written, site);
    return { ...stage, from, base: undefined, isBuilt: true };
  }
  const replacement = text === undefined || text === '' ? undefined : scope.contexts.find(text);
  if (replacement !== undefined) return replaced(replacement, true);
  const pieces = expansion.kind === 'expanded' ? expansion.value.pieces : [];
  const image = stageInOtherCase(expansion, scope, site) ?? resolveImage(expansion, written, site);
  return { ...stage, from: undefined, base: use(image, pieces), isBuilt: true };
}

/** `FROM Builder` never finds the stage that is named so: names are compared in lower case, the word as it is. */
function stageInOtherCase(expansion: Expansion, scope: FromScope, site: ResolveSite): UsedImage | undefined {
  const text = expansion.kind === 'expanded' ? expansion.value.text : '';
  const lower = text.toLowerCase();
  if (lower === text || !(scope.earlier.has(lower) || lower === 'scratch') || parseReference(text).kind === 'ok')
    return undefined;
  const reason = `FROM finds ${lower === 'scratch' ? 'scratch' : 'a stage'} in lower case only: write \`FROM ${lower}\``;
  site.problems.error('invalid-reference', site.line, `${text} is no image reference: ${reason}`, site.span);
  return { kind: 'invalid', text, reason };
}

function readWords(
  logical: LogicalLine,
  split: SplitInstruction,
  problems: ProblemList,
): { imageWord: Range | undefined; name: string | undefined } {
  const words = splitWords(logical.text, split.rest);
  const [first, second, third] = words;
  const wordAt = (range: Range | undefined): string =>
    range === undefined ? '' : logical.text.slice(range.start, range.end);
  const hasName = wordAt(second).toLowerCase() === 'as' && third !== undefined;
  if (isTemplate(wordAt(split.rest)) && words.length !== 1 && !(words.length === 3 && hasName))
    return readTemplate(logical, split.rest, words);
  if (words.length !== 1 && !(words.length === 3 && hasName)) {
    const comment = words.some((range) => logical.text.charAt(range.start) === '#')
      ? '; a comment must stand on its own line'
      : '';
    problems.error('from-words', logical.line, `FROM takes one image, or image AS name${comment}`);
  }
  const name = hasName ? wordAt(third).toLowerCase() : undefined;
  if (name === undefined || stageName.test(name)) return { imageWord: first, name };
  if (isTemplate(name)) problems.warning('template', logical.line, `the stage name ${name.slice(0, 80)} is a template`);
  else {
    const message = `${name.slice(0, 80)} is no name for a stage: begin with a letter and go on with letters, digits, \`.\`, \`_\` and \`-\``;
    problems.error('invalid-stage-name', logical.line, message);
  }
  return { imageWord: first, name: undefined };
}

/** In a template the markup may hold blanks; all before a final `AS name` is the image. */
function readTemplate(
  logical: LogicalLine,
  rest: Range,
  words: readonly Range[],
): { imageWord: Range; name: string | undefined } {
  const [as, name] = words.slice(-2);
  const text = (range: Range | undefined): string =>
    range === undefined ? '' : logical.text.slice(range.start, range.end);
  const lower = text(name).toLowerCase();
  const before = words.at(-3);
  if (before === undefined || text(as).toLowerCase() !== 'as' || !stageName.test(lower))
    return { imageWord: rest, name: undefined };
  return { imageWord: { start: rest.start, end: before.end }, name: lower };
}

function readPlatform(logical: LogicalLine, split: SplitInstruction, scope: FromScope): string | undefined {
  let platform: string | undefined;
  let isSeen = false;
  for (const flag of split.flags) {
    const line = fileLine(logical, flag.written.start);
    if (flag.name !== 'platform') {
      scope.problems.error(
        'unknown-flag',
        line,
        `FROM takes no --${flag.name.slice(0, 40)}: it knows --platform alone`,
      );
      continue;
    }
    if (isSeen) scope.problems.error('duplicate-flag', line, 'FROM takes one --platform: leave the others out');
    isSeen = true;
    if (!flag.hasValue)
      scope.problems.error(
        'missing-flag-value',
        line,
        'FROM --platform names nothing: write --platform=linux/amd64 or leave it out',
      );
    if (!flag.hasValue || flag.value === '') continue;
    platform = expandPlatform(flag.value, scope.globals.expand(flag.traced), line, scope);
  }
  return platform;
}

function expandPlatform(written: string, expansion: Expansion, line: number, scope: FromScope): string | undefined {
  const text = expansion.kind === 'expanded' ? expansion.value.text : '';
  if (parsePlatform(text) !== undefined) return text;
  // A build argument may give it; the image is known all the same.
  const canBeGiven =
    expansion.kind !== 'failed' &&
    expansion.missing.size > 0 &&
    [...expansion.missing.values()].every((given) => given);
  if (canBeGiven || isTemplate(written)) return undefined;
  const shown = text === '' || text === written ? written : `${written}, which is ${text},`;
  scope.problems.error(
    'invalid-platform',
    line,
    `--platform=${shown.slice(0, 200)} is no platform: write os/architecture, such as linux/arm64`,
  );
  return undefined;
}

function siteOf(logical: LogicalLine, word: Range, scope: FromScope): ResolveSite {
  return {
    line: fileLine(logical, word.start),
    span: rangeSpan(logical, word),
    problems: scope.problems,
    isDeclared: scope.globals.isDeclared,
    isStageVariable: scope.isStageVariable,
  };
}
