import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';

const maxProblems = 500;

/** Collects the problems of one file. Bounded: a file of 100,000 wrong lines is one wrong file. */
export class ProblemList {
  #problems: Problem[] = [];

  error(code: string, line: number, message: string, span?: Span): void {
    this.#add({ code, severity: 'error', message, line, ...(span && { span }) });
  }

  warning(code: string, line: number, message: string, span?: Span): void {
    this.#add({ code, severity: 'warning', message, line, ...(span && { span }) });
  }

  info(code: string, line: number, message: string, span?: Span): void {
    this.#add({ code, severity: 'info', message, line, ...(span && { span }) });
  }

  /** By line, in the order found within a line. */
  sorted(): readonly Problem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line);
  }

  #add(problem: Problem): void {
    if (this.#problems.length < maxProblems) this.#problems.push(problem);
    else if (this.#problems.length === maxProblems) {
      const message = `more than ${maxProblems} problems: the rest is not listed`;
      this.#problems.push({ code: 'too-many-problems', severity: 'error', message, line: problem.line });
    }
  }
}
