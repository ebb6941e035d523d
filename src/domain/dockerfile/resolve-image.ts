import type { UsedImage } from '../image/image-use.ts';
import { parseReference } from '../image/reference.ts';
import type { Span } from '../source/span.ts';
import type { Expansion, MissingNames } from './expand.ts';
import type { ProblemList } from './problem-list.ts';

/** Where the word stands, and what is known of the names in it. */
export type ResolveSite = {
  readonly line: number;
  readonly span: Span;
  readonly problems: ProblemList;
  readonly isDeclared: (name: string) => boolean;
  /** Declared, but only inside a stage, where FROM does not see it. */
  readonly isStageVariable: (name: string) => boolean;
};

// `%%NAME%%` is what the generators of the official images write, `@NAME@` what autoconf and CMake do.
const templateMarkup = /\{\{|\{%|<%|%%\w+%%|@\w+@/;

/** True for the markup of a template engine: such a file is not a Dockerfile yet. */
export function isTemplate(text: string): boolean {
  return templateMarkup.test(text);
}

/** The image that an expanded FROM word names, no stage being meant; what is wrong with it goes to the problems. */
export function resolveImage(expansion: Expansion, written: string, site: ResolveSite): UsedImage {
  if (expansion.kind === 'failed') {
    if (isTemplate(written)) return template(written, site);
    const message = `cannot expand ${written}: ${expansion.reason}`;
    site.problems.error('invalid-expansion', site.line, message, site.span);
    return { kind: 'invalid', text: written, reason: expansion.reason };
  }
  if (expansion.kind === 'required') return unresolved(expansion.missing, written, site);
  const text = expansion.value.text;
  if (text === 'scratch') {
    warnOfUnset(expansion.unset, written, site);
    return { kind: 'scratch' };
  }
  const parsed = parseReference(text);
  if (parsed.kind === 'ok') {
    warnOfUnset(expansion.unset, written, site);
    return { kind: 'reference', reference: parsed.reference };
  }
  if (isTemplate(written) || isTemplate(text)) return template(text, site);
  if (expansion.missing.size > 0) return unresolved(expansion.missing, written, site);
  const shown = text === written ? written : `${written}, which is \`${clip(text)}\`,`;
  site.problems.error(
    'invalid-reference',
    site.line,
    `${clip(shown)} is no image reference: ${clip(parsed.reason)}`,
    site.span,
  );
  return { kind: 'invalid', text, reason: parsed.reason };
}

/** Warns of names that no build argument can set, so that they are always empty. */
export function warnOfUnset(names: readonly string[], written: string, site: ResolveSite): void {
  const undeclared = names.filter((name) => !site.isDeclared(name));
  if (undeclared.length === 0) return;
  const message = `${clip(written)} uses ${undeclared.slice(0, 5).map(quote).join(', ')}, which ${undeclared.length === 1 ? 'is' : 'are'} always empty here: ${advice(undeclared, site)}`;
  site.problems.warning('undeclared-argument', site.line, message, site.span);
}

function unresolved(missing: MissingNames, written: string, site: ResolveSite): UsedImage {
  const hopeless = [...missing].filter(([, canBeGiven]) => !canBeGiven).map(([name]) => name);
  if (hopeless.length > 0) {
    const names = hopeless.slice(0, 5).map(quote).join(', ');
    const message = `${clip(written)} needs ${names}, which no build argument can set: ${advice(hopeless, site)}`;
    site.problems.error('undeclared-argument', site.line, message, site.span);
  }
  return { kind: 'unresolved', missing: [...missing.keys()] };
}

function advice(names: readonly string[], site: ResolveSite): string {
  const inStage = names.find((name) => site.isStageVariable(name) && !site.isDeclared(name));
  if (inStage !== undefined)
    return `${inStage} is declared only inside a stage; write ARG ${inStage}=… before the first FROM`;
  const late = names.find((name) => site.isDeclared(name));
  if (late !== undefined) return `${late} is declared only behind its use; move ARG ${late} up`;
  return `write ARG ${names[0] ?? 'NAME'}=… before the first FROM`;
}

function template(text: string, site: ResolveSite): UsedImage {
  const reason = 'it is a template: check the file that is made from it';
  site.problems.warning('template', site.line, `${clip(text)} cannot be judged, ${reason}`, site.span);
  return { kind: 'invalid', text, reason };
}

function quote(name: string): string {
  return `\`${clip(name)}\``;
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
