import { skipSpaces, trimSpacesEnd } from './character-class.ts';
import { parseDirective } from './directives.ts';
import type { Comment, Heredoc } from './dockerfile.ts';
import type { HeredocStart } from './heredoc-words.ts';
import type { LogicalLine } from './logical-line.ts';
import type { ProblemList } from './problem-list.ts';

const maxLineBytes = 65_535;

/** The bodies behind an instruction: where they end, and whether the last of them was closed. */
export type HeredocBodies = {
  readonly heredocs: readonly Heredoc[];
  readonly endLine: number;
  readonly end: number;
  readonly unterminated?: string;
};

/**
 * Cuts a Dockerfile into instructions, physical line by physical line. The caller asks for one instruction at a time,
 * because only the reading of an instruction tells whether heredoc bodies follow it.
 */
export class Scanner {
  readonly comments: Comment[] = [];
  /** The character that escapes and continues lines. */
  escape = '\\';
  readonly #text: string;
  readonly #problems: ProblemList;
  #position: number;
  #line = 0;
  #lineStart = 0;
  #lineEnd = 0;
  #directives: Set<string> | undefined = new Set();
  #pendingComments: { line: number; text: string }[] = [];

  constructor(text: string, problems: ProblemList) {
    this.#text = text;
    this.#problems = problems;
    this.#position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** The next instruction, or `undefined` at the end of the file. */
  next(): LogicalLine | undefined {
    while (this.#nextLine()) {
      const start = skipSpaces(this.#text, this.#lineStart, this.#lineEnd);
      if (this.#readDirective(start)) continue;
      if (this.#readComment(start)) continue;
      const contentEnd = this.#continuationStart(start);
      if (contentEnd === undefined && start === this.#lineEnd) continue;
      const logical = contentEnd === undefined ? this.#single(start) : this.#continued(start, contentEnd);
      if (logical === undefined) continue;
      this.#flushComments(logical.line);
      return logical;
    }
    this.#flushComments(undefined);
    return undefined;
  }

  /** Reads the bodies of heredocs that the last instruction opened. */
  readHeredocs(starts: readonly HeredocStart[]): HeredocBodies {
    const heredocs: Heredoc[] = [];
    for (const { name, dropsTabs } of starts) {
      const line = this.#line + 1;
      const bodyStart = this.#position;
      let closed = false;
      while (!closed && this.#nextLine()) {
        let from = this.#lineStart;
        if (dropsTabs) while (from < this.#lineEnd && this.#text.charCodeAt(from) === 0x09) from++;
        closed = this.#lineEnd - from === name.length && this.#text.startsWith(name, from);
      }
      if (!closed) return { heredocs, endLine: this.#line, end: this.#lineEnd, unterminated: name };
      heredocs.push({ name, content: this.#text.slice(bodyStart, this.#lineStart), line });
    }
    return { heredocs, endLine: this.#line, end: this.#lineEnd };
  }

  #nextLine(): boolean {
    const text = this.#text;
    if (this.#position >= text.length) return false;
    const newline = text.indexOf('\n', this.#position);
    const rawEnd = newline < 0 ? text.length : newline;
    this.#lineStart = this.#position;
    this.#line++;
    this.#position = rawEnd + 1;
    let end = rawEnd;
    while (end > this.#lineStart && text.charCodeAt(end - 1) === 0x0d) end--;
    this.#lineEnd = end;
    if ((rawEnd - this.#lineStart) * 3 > maxLineBytes) this.#checkLength(rawEnd);
    return true;
  }

  #checkLength(end: number): void {
    if (byteLength(this.#text, this.#lineStart, end) <= maxLineBytes) return;
    const message = `the line is longer than ${maxLineBytes} bytes, which BuildKit refuses: break it with ${this.escape}, or copy the content from a file`;
    this.#problems.error('line-too-long', this.#line, message);
  }

  #readDirective(start: number): boolean {
    if (this.#directives === undefined) return false;
    const directive = parseDirective(this.#text, start, this.#lineEnd, '#');
    if (directive === undefined) {
      this.#directives = undefined;
      return false;
    }
    if (this.#directives.has(directive.name)) {
      this.#problems.error(
        'repeated-directive',
        this.#line,
        `# ${directive.name}= stands here for the second time: keep one`,
        directive.span,
      );
    } else if (directive.name === 'escape') {
      if (directive.value === '\\' || directive.value === '`') this.escape = directive.value;
      else
        this.#problems.error(
          'invalid-escape',
          this.#line,
          '# escape= takes \\ or ` alone: write one of them, or leave the line out',
          directive.span,
        );
    }
    this.#directives.add(directive.name);
    return true;
  }

  #readComment(start: number): boolean {
    if (this.#text.charCodeAt(start) !== 0x23 || start >= this.#lineEnd) return false;
    const from = skipSpaces(this.#text, start + 1, this.#lineEnd);
    this.#pendingComments.push({
      line: this.#line,
      text: this.#text.slice(from, trimSpacesEnd(this.#text, from, this.#lineEnd)),
    });
    return true;
  }

  #flushComments(nextInstructionLine: number | undefined): void {
    for (const comment of this.#pendingComments) this.comments.push({ ...comment, nextInstructionLine });
    this.#pendingComments = [];
  }

  /** Where the continuation character of this physical line stands; `undefined` when the line ends the instruction. */
  #continuationStart(start: number): number | undefined {
    const text = this.#text;
    let index = this.#lineEnd - 1;
    while (index >= start && (text.charCodeAt(index) === 0x20 || text.charCodeAt(index) === 0x09)) index--;
    if (index < start || text.charAt(index) !== this.escape) return undefined;
    return index > start && text.charAt(index - 1) === this.escape ? undefined : index;
  }

  #single(start: number): LogicalLine {
    const line = this.#line;
    return { text: this.#text.slice(start, this.#lineEnd), line, endLine: line, runs: [{ at: 0, start, line }] };
  }

  #continued(start: number, firstEnd: number): LogicalLine | undefined {
    const line = this.#line;
    const parts: string[] = [];
    const runs: { at: number; start: number; line: number }[] = [];
    let length = 0;
    const add = (from: number, to: number): void => {
      if (from >= to) return;
      runs.push({ at: length, start: from, line: this.#line });
      parts.push(this.#text.slice(from, to));
      length += to - from;
    };
    add(start, firstEnd);
    let continues = true;
    while (continues && this.#nextLine()) {
      const content = skipSpaces(this.#text, this.#lineStart, this.#lineEnd);
      if (this.#readInnerComment(content, line) || content === this.#lineEnd) continue;
      const end = this.#continuationStart(this.#lineStart);
      add(this.#lineStart, end ?? this.#lineEnd);
      continues = end !== undefined;
    }
    const text = parts.join('');
    if (trimSpacesEnd(text, 0, text.length) === 0) return undefined;
    return { text, line, endLine: this.#line, runs };
  }

  #readInnerComment(content: number, instructionLine: number): boolean {
    if (!this.#readComment(content)) return false;
    const comment = this.#pendingComments.pop();
    if (comment !== undefined) {
      this.#flushComments(instructionLine);
      this.comments.push({ ...comment, nextInstructionLine: instructionLine });
    }
    return true;
  }
}

function byteLength(text: string, start: number, end: number): number {
  let bytes = end - start;
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) bytes++;
    // Half of a surrogate pair has 2 of the 4 bytes; any other character above U+07FF has 3.
    if (code > 0x7ff && (code < 0xd800 || code > 0xdfff)) bytes++;
  }
  return bytes;
}
