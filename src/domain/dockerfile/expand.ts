import type { Piece } from '../image/image-use.ts';
import { findGlob, matchBack, matchFront, parseGlob } from './glob-match.ts';
import { emptyTracedText, sliceTracedText, type TracedText, TracedTextBuilder } from './traced-text.ts';

/**
 * Names of variables without a value (unset, or empty), in the order in which they took part, each with whether a build
 * argument could give it one: not where it is used before its declaration, or declared nowhere.
 */
export type MissingNames = ReadonlyMap<string, boolean>;

/** A variable's value, and the variables without a value that took part in it. */
export type Variable = { readonly value: TracedText; readonly missing: MissingNames };

/** What a word sees: `find` gives `undefined` for what is unset; `isDeclared` tells whether a build argument could set it. */
export type VariableScope = {
  readonly find: (name: string) => Variable | undefined;
  readonly isDeclared: (name: string) => boolean;
};

/** `unset`: all names that were asked for and are not set, whether or not a default stood in. */
export type Expansion =
  | {
      readonly kind: 'expanded';
      readonly value: TracedText;
      readonly missing: MissingNames;
      readonly unset: readonly string[];
    }
  /** `${NAME:?message}` found nothing. */
  | {
      readonly kind: 'required';
      readonly reason: string;
      readonly missing: MissingNames;
      readonly unset: readonly string[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Steps left for a whole file; keeps `ARG A=$A$A`, repeated, from growing without end. */
export type WorkBudget = { steps: number };

/** Enough for every honest file, and less than a second. */
export const newWorkBudget = (): WorkBudget => ({ steps: 8_000_000 });

const missingBrace = 'the closing } of an expansion is missing';
const maxDepth = 100;
const maxLength = 65_536;
const maxPatternLength = 256;
const maxMissing = 64;

/**
 * Expands a word as BuildKit's shell lexer does: quotes and escapes vanish, unset is empty, and of parameter expansion
 * `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/a/b` `//a/b`, nested. Every character keeps its place in the file.
 * Bounded in depth (100), length (64 KiB) and work.
 *
 * @see moby/buildkit: frontend/dockerfile/shell/lex.go
 */
export function expandWord(
  word: TracedText,
  scope: VariableScope,
  escapeCharacter: string,
  budget: WorkBudget,
): Expansion {
  if (!/[$'"\\`]/.test(word.text)) return { kind: 'expanded', value: word, missing: new Map(), unset: [] };
  const lexer = new Lexer(word, scope, escapeCharacter, budget);
  try {
    const value = lexer.readUntil('', false);
    return { kind: 'expanded', value, missing: lexer.missing, unset: [...lexer.unset] };
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    const { message: reason } = error;
    return error.requires
      ? { kind: 'required', reason, missing: lexer.missing, unset: [...lexer.unset] }
      : { kind: 'failed', reason };
  }
}

// Inside this file alone: it unwinds the recursion, and expandWord turns it into data.
class ExpansionError extends Error {
  readonly requires: boolean;
  constructor(reason: string, requires = false) {
    super(reason);
    this.requires = requires;
  }
}

class Lexer {
  readonly missing = new Map<string, boolean>();
  readonly unset = new Set<string>();
  readonly #text: string;
  readonly #pieces: readonly Piece[];
  readonly #scope: VariableScope;
  readonly #escapeCharacter: string;
  readonly #budget: WorkBudget;
  #index = 0;
  #piece = 0;
  #pieceStart = 0;
  #depth = 0;

  constructor(word: TracedText, scope: VariableScope, escapeCharacter: string, budget: WorkBudget) {
    this.#text = word.text;
    this.#pieces = word.pieces;
    this.#scope = scope;
    this.#escapeCharacter = escapeCharacter;
    this.#budget = budget;
  }

  /** Reads up to `stop` and over it; with `''`, to the end. `raw` keeps escapes, as patterns want. */
  readUntil(stop: string, raw: boolean): TracedText {
    if (++this.#depth > maxDepth) throw new ExpansionError(`expansions are nested deeper than ${maxDepth}`);
    const out = new TracedTextBuilder();
    while (this.#index < this.#text.length) {
      const character = this.#text.charAt(this.#index);
      if (character === stop) {
        this.#index++;
        this.#depth--;
        return out.build();
      }
      if (character === "'") this.#readSingleQuoted(out);
      else if (character === '"') this.#readDoubleQuoted(out, raw);
      else if (character === '$') this.#addText(out, this.#readDollar());
      else if (character === this.#escapeCharacter) {
        if (raw) this.#addCharacters(out, 1);
        else this.#index++;
        if (this.#index < this.#text.length) this.#addCharacters(out, 1);
      } else this.#addCharacters(out, 1);
    }
    if (stop !== '') throw new ExpansionError(`the closing ${stop} of \${…} is missing`);
    this.#depth--;
    return out.build();
  }

  #readSingleQuoted(out: TracedTextBuilder): void {
    const close = this.#text.indexOf("'", this.#index + 1);
    if (close < 0) throw new ExpansionError("a single quote ' is not closed");
    this.#index++;
    this.#addCharacters(out, close - this.#index);
    this.#index++;
  }

  #readDoubleQuoted(out: TracedTextBuilder, raw: boolean): void {
    this.#index++;
    while (this.#index < this.#text.length) {
      const character = this.#text.charAt(this.#index);
      if (character === '"') {
        this.#index++;
        return;
      }
      if (character === '$') {
        this.#addText(out, this.#readDollar());
        continue;
      }
      const next = this.#text.charAt(this.#index + 1);
      if (character === this.#escapeCharacter && (next === '"' || next === '$' || next === this.#escapeCharacter)) {
        if (raw) this.#addCharacters(out, 1);
        else this.#index++;
      }
      this.#addCharacters(out, 1);
    }
    throw new ExpansionError('a double quote " is not closed');
  }

  #readDollar(): TracedText {
    const dollar = this.#index++;
    if (this.#text.charAt(this.#index) !== '{') {
      const name = this.#readName();
      return name === '' ? this.#readLiteral(dollar) : this.#valueOrMissing(name);
    }
    this.#index++;
    const first = this.#text.charAt(this.#index);
    if (first === '') throw new ExpansionError(missingBrace);
    if ('{}:'.includes(first)) throw new ExpansionError(`\${${first} names no variable`);
    const name = this.#readName();
    const operator = this.#text.charAt(this.#index++);
    switch (operator) {
      case '}':
        return this.#valueOrMissing(name);
      case ':': {
        const inner = this.#text.charAt(this.#index++);
        if (inner === '' || !'-+?'.includes(inner))
          throw new ExpansionError(`\${${name}:${inner} is no expansion that BuildKit knows`);
        return this.#readAlternative(name, inner, true);
      }
      case '-':
      case '+':
      case '?':
        return this.#readAlternative(name, operator, false);
      case '#':
      case '%':
        return this.#readTrim(name, operator);
      case '/':
        return this.#readReplace(name);
      default:
        throw new ExpansionError(
          operator === '' ? missingBrace : `\${${name}${operator} is no expansion that BuildKit knows`,
        );
    }
  }

  #readAlternative(name: string, operator: string, emptyIsUnset: boolean): TracedText {
    const before = new Map(this.missing);
    const word = this.readUntil('}', false);
    const variable = this.#find(name);
    const isSet = variable !== undefined && !(emptyIsUnset && variable.value.text === '');
    // Names in a word that is not used take no part.
    if (isSet === (operator !== '+')) this.#restoreMissing(before);
    if (operator === '+') {
      if (!isSet) this.#noteMissing(name, variable);
      return isSet ? word : emptyTracedText;
    }
    if (variable !== undefined && isSet) return this.#used(name, variable);
    if (operator === '-') {
      if (word.text === '') this.#noteMissing(name, variable);
      return word;
    }
    this.#noteMissing(name, variable);
    throw new ExpansionError(
      `${name}: ${word.text === '' ? 'must be given a value' : JSON.stringify(word.text)}`,
      true,
    );
  }

  #readTrim(name: string, operator: string): TracedText {
    let pattern = this.readUntil('}', true).text;
    const longest = pattern.startsWith(operator);
    if (longest) pattern = pattern.slice(1);
    const value = this.#valueOrMissing(name);
    const glob = this.#parsePattern(pattern, value.text);
    if (operator === '#') {
      const taken = matchFront(glob, value.text, longest) ?? 0;
      return sliceTracedText(value, taken, value.text.length);
    }
    const taken = matchBack(glob, value.text, longest) ?? 0;
    return sliceTracedText(value, 0, value.text.length - taken);
  }

  #readReplace(name: string): TracedText {
    const everywhere = this.#text.charAt(this.#index) === '/';
    if (everywhere) this.#index++;
    const pattern = this.readUntil('/', true).text;
    const replacement = this.readUntil('}', true).text;
    const value = this.#valueOrMissing(name);
    const glob = this.#parsePattern(pattern, value.text);
    const out = new TracedTextBuilder();
    let copied = 0;
    let from = 0;
    while (from <= value.text.length) {
      this.#spend(value.text.length - from);
      const match = findGlob(glob, value.text, from);
      if (match === undefined) break;
      // An empty match right behind another match does not count.
      if (match.end > match.start || match.start > copied || copied === 0) {
        this.#addText(out, sliceTracedText(value, copied, match.start));
        // The replacement stands for every place it is put in; editing it there would change them all.
        this.#addPiece(out, { text: replacement, span: undefined });
        copied = match.end;
      }
      if (!everywhere) break;
      from = match.end > match.start ? match.end : match.end + 1;
    }
    this.#addText(out, sliceTracedText(value, copied, value.text.length));
    return out.build();
  }

  #parsePattern(pattern: string, value: string) {
    if (pattern.length > maxPatternLength)
      throw new ExpansionError(`the pattern of \${…} is longer than ${maxPatternLength} characters`);
    this.#spend(value.length * (pattern.length + 1));
    const glob = parseGlob(pattern);
    if ('invalidEscape' in glob)
      throw new ExpansionError(`${glob.invalidEscape} in the pattern of \${…} is no escape that BuildKit knows`);
    return glob;
  }

  #readName(): string {
    const pattern = /[0-9]+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*/uy;
    pattern.lastIndex = this.#index;
    const name = pattern.exec(this.#text)?.[0] ?? '';
    this.#index += name.length;
    return name;
  }

  #find(name: string): Variable | undefined {
    const variable = this.#scope.find(name);
    if (variable === undefined) this.unset.add(name);
    return variable;
  }

  #valueOrMissing(name: string): TracedText {
    const variable = this.#find(name);
    if (variable !== undefined) return this.#used(name, variable);
    this.#addMissing(name);
    return emptyTracedText;
  }

  #used(name: string, variable: Variable): TracedText {
    if (variable.missing.size > 0 || variable.value.text === '') this.#noteMissing(name, variable);
    return variable.value;
  }

  #noteMissing(name: string, variable: Variable | undefined): void {
    if (variable === undefined || variable.missing.size === 0) this.#addMissing(name);
    else for (const [inner, canBeGiven] of variable.missing) this.#setMissing(inner, canBeGiven);
  }

  #addMissing(name: string): void {
    this.#setMissing(name, this.#scope.isDeclared(name));
  }

  #setMissing(name: string, canBeGiven: boolean): void {
    const before = this.missing.get(name);
    if (before !== undefined || this.missing.size < maxMissing) this.missing.set(name, canBeGiven && before !== false);
  }

  #restoreMissing(names: MissingNames): void {
    this.missing.clear();
    for (const [name, canBeGiven] of names) this.missing.set(name, canBeGiven);
  }

  #addCharacters(out: TracedTextBuilder, count: number): void {
    const end = this.#index + count;
    while (this.#index < end) {
      let piece = this.#pieces[this.#piece];
      while (piece !== undefined && this.#index >= this.#pieceStart + piece.text.length) {
        this.#pieceStart += piece.text.length;
        piece = this.#pieces[++this.#piece];
      }
      if (piece === undefined) return;
      const from = this.#index - this.#pieceStart;
      const to = Math.min(end - this.#pieceStart, piece.text.length);
      const span = piece.span && { start: piece.span.start + from, end: piece.span.start + to };
      this.#addPiece(out, { text: piece.text.slice(from, to), span });
      this.#index += to - from;
    }
  }

  #readLiteral(index: number): TracedText {
    const out = new TracedTextBuilder();
    this.#index = index;
    this.#addCharacters(out, 1);
    return out.build();
  }

  #addText(out: TracedTextBuilder, traced: TracedText): void {
    for (const piece of traced.pieces) this.#addPiece(out, piece);
  }

  #addPiece(out: TracedTextBuilder, piece: Piece): void {
    this.#spend(1 + (piece.text.length >> 4));
    if (out.length + piece.text.length > maxLength) throw new ExpansionError('the expansion is longer than 64 KiB');
    out.add(piece);
  }

  #spend(steps: number): void {
    this.#budget.steps -= steps;
    if (this.#budget.steps < 0) throw new ExpansionError('the build arguments of this file expand without end');
  }
}
