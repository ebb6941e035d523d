import { type TracedText, TracedTextBuilder } from '../dockerfile/traced-text.ts';
import { type Expansion, PieceSource } from './expansion.ts';

const maxDepth = 20;
const maxSteps = 10_000;
/** Of expanded text beyond the written: values may name values. */
const maxGrowth = 64 * 1024;

/** The value of a variable, its own variables unexpanded; `undefined` when the document does not give one. */
export type Lookup = (name: string) => TracedText | undefined;

/**
 * Replaces `$NAME`, `${NAME}` and, as Compose has them, `${NAME:-default}`, `${NAME-default}`, `${NAME:+other}`,
 * `${NAME+other}`, `${NAME:?message}` and `${NAME?message}`, nested; `$$` is a dollar. Anything else behind a dollar stays.
 *
 * @see docs.docker.com/reference/compose-file/interpolation; docs.gitlab.com/ci/variables/where_variables_can_be_used
 */
export function expandVariables(traced: TracedText, lookup: Lookup): Expansion {
  if (!traced.text.includes('$')) return { traced, missing: [] };
  const budget = { steps: maxSteps, length: traced.text.length + maxGrowth };
  const missing = new Set<string>();
  const output = new TracedTextBuilder();
  new Expander(new PieceSource(traced), { lookup, missing, budget, depth: 0 }).run(output);
  return { traced: output.build(), missing: [...missing] };
}

type Run = {
  readonly lookup: Lookup;
  readonly missing: Set<string>;
  readonly budget: { steps: number; length: number };
  readonly depth: number;
};

/** One pass over the text: what stands in braces is read by recursion, so that no character is read twice. */
class Expander {
  readonly #source: PieceSource;
  readonly #run: Run;
  #at = 0;

  constructor(source: PieceSource, run: Run) {
    this.#source = source;
    this.#run = run;
  }

  run(output: TracedTextBuilder): void {
    this.#readUntil(undefined, output, this.#run.missing, this.#run.depth);
  }

  /** @returns whether `close` was found; the position is behind it then. */
  #readUntil(close: string | undefined, output: TracedTextBuilder, missing: Set<string>, depth: number): boolean {
    const { text } = this.#source;
    let from = this.#at;
    while (this.#at < text.length) {
      const character = text[this.#at];
      if (character === close) {
        this.#source.copy(from, this.#at++, output);
        return true;
      }
      if (character === '$') {
        this.#source.copy(from, this.#at, output);
        this.#readDollar(output, missing, depth);
        from = this.#at;
      } else this.#at++;
    }
    this.#source.copy(from, this.#at, output);
    return false;
  }

  #readDollar(output: TracedTextBuilder, missing: Set<string>, depth: number): void {
    const { text } = this.#source;
    const start = this.#at++;
    if (text[this.#at] === '$') {
      this.#source.copy(start, start + 1, output);
      this.#at++;
      return;
    }
    const isBraced = text[this.#at] === '{';
    if (isBraced) this.#at++;
    const name = this.#readName();
    if (name !== '' && depth >= maxDepth) missing.add(name);
    if (name === '' || depth >= maxDepth) this.#source.copy(start, this.#at, output);
    else if (isBraced) this.#readBraced(name, output, missing, depth);
    else this.#put(this.#valueOf(name), name, output, missing, depth);
  }

  #readName(): string {
    const { text } = this.#source;
    const start = this.#at;
    while (isNameCharacter(text.charCodeAt(this.#at), this.#at > start)) this.#at++;
    return text.slice(start, this.#at);
  }

  #readBraced(name: string, output: TracedTextBuilder, missing: Set<string>, depth: number): void {
    const { text } = this.#source;
    const isColon = text[this.#at] === ':';
    const operator = text[isColon ? this.#at + 1 : this.#at];
    const value = this.#valueOf(name);
    const isSet = value !== undefined && !(isColon && value.text === '');
    if (operator === '-' || operator === '+' || operator === '?') {
      this.#at += isColon ? 2 : 1;
      // What is not taken is read all the same, to find its end, and thrown away.
      const isTaken = (operator === '-' && !isSet) || (operator === '+' && isSet);
      this.#readUntil('}', isTaken ? output : new TracedTextBuilder(), isTaken ? missing : new Set(), depth + 1);
      if (!isTaken && operator !== '+') this.#put(isSet ? value : undefined, name, output, missing, depth);
      return;
    }
    this.#readUntil('}', new TracedTextBuilder(), new Set(), depth + 1);
    this.#put(value, name, output, missing, depth);
  }

  #valueOf(name: string): TracedText | undefined {
    return this.#run.budget.steps-- > 0 ? this.#run.lookup(name) : undefined;
  }

  #put(
    value: TracedText | undefined,
    name: string,
    output: TracedTextBuilder,
    missing: Set<string>,
    depth: number,
  ): void {
    const { budget } = this.#run;
    if (value !== undefined) budget.length -= value.text.length;
    if (value === undefined || budget.length < 0) missing.add(name);
    else if (!value.text.includes('$')) output.addText(value);
    else if (depth < maxDepth)
      new Expander(new PieceSource(value), { ...this.#run, missing, depth: depth + 1 }).run(output);
    else missing.add(name);
  }
}

function isNameCharacter(code: number, isBehindFirst: boolean): boolean {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
  return isLetter || (isBehindFirst && code >= 0x30 && code <= 0x39);
}
