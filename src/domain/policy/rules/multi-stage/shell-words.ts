import type { Instruction } from '../../../dockerfile/dockerfile.ts';
import { tokenizeShell } from './shell-tokens.ts';

/**
 * One simple command of a RUN. `words[0]` is the program without its folder (`./mvnw` is `mvnw`); what only wraps it
 * (`sudo`, `env`, `exec`, `if`, `then` …) is gone. `words` is empty when only variables were set.
 */
export type Command = {
  readonly words: readonly string[];
  /** `NAME=value` words in front, in order. */
  readonly assignments: readonly string[];
};

const maxCommands = 5000;
const maxDepth = 4;
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh']);
const reservedWords = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'while',
  'until',
  'do',
  'done',
  '!',
  '{',
  '}',
  'time',
]);
const assignmentPattern = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/**
 * The simple commands of a RUN in shell form, JSON form or heredoc form, in order. A heredoc counts as a script when
 * nothing or a shell reads it. A good approximation that is linear, bounded in depth and number, and never throws.
 */
export function readCommands(run: Instruction): readonly Command[] {
  const commands: Command[] = [];
  if (run.json !== undefined) {
    addCommand(run.json, commands, 0);
    return commands;
  }
  // The splitter drops redirections, so `<<EOF` leaves no word behind.
  addScript(run.text, commands, 0);
  for (const heredoc of run.heredocs)
    if (isRunByShell(commands, heredoc.content)) addScript(heredoc.content, commands, 0);
  return commands;
}

function isRunByShell(commands: readonly Command[], script: string): boolean {
  const first = commands[0];
  if (script.startsWith('#!')) {
    const end = script.indexOf('\n');
    const interpreter = script.slice(2, end === -1 ? 200 : end).trim();
    if (
      ![...shells].some(
        (shell) =>
          interpreter.endsWith(`/${shell}`) || interpreter.includes(`/${shell} `) || interpreter.includes(` ${shell}`),
      )
    )
      return false;
  }
  return first === undefined || first.words.length === 0 || shells.has(first.words[0] ?? '');
}

function addScript(script: string, commands: Command[], depth: number): void {
  let words: string[] = [];
  for (const token of tokenizeShell(script)) {
    if (token.kind === 'word') words.push(token.text);
    else {
      addCommand(words, commands, depth);
      words = [];
    }
  }
  addCommand(words, commands, depth);
}

function addCommand(written: readonly string[], commands: Command[], depth: number): void {
  if (written.length === 0 || commands.length >= maxCommands) return;
  const assignments: string[] = [];
  let at = 0;
  for (; at < written.length; at += 1) {
    const word = written[at] ?? '';
    if (assignmentPattern.test(word)) assignments.push(word);
    else if (isWrapper(word)) at = skipWrapperOptions(written, at);
    else if (!reservedWords.has(word)) break;
  }
  const words = written.slice(at);
  const program = programName(words[0] ?? '');
  if (words.length === 0) {
    if (assignments.length > 0) commands.push({ words: [], assignments });
    return;
  }
  const script = shellArgument(program, words);
  if (script !== undefined && depth < maxDepth) {
    addScript(script, commands, depth + 1);
    return;
  }
  commands.push({ words: [program, ...words.slice(1)], assignments });
}

function programName(word: string): string {
  const slash = word.lastIndexOf('/');
  return slash === -1 || slash === word.length - 1 ? word : word.slice(slash + 1);
}

function isWrapper(word: string): boolean {
  return [
    'sudo',
    'env',
    'exec',
    'command',
    'nice',
    'nohup',
    'eatmydata',
    'xargs',
    'gosu',
    'su-exec',
    'timeout',
  ].includes(programName(word));
}

/** The index of the last word that belongs to the wrapper itself. */
function skipWrapperOptions(words: readonly string[], start: number): number {
  let at = start;
  while ((words[at + 1] ?? '').startsWith('-')) {
    at += ['-u', '-g', '-n', '-L', '-I', '-P', '-s', '-k'].includes(words[at + 1] ?? '') ? 2 : 1;
  }
  // These take one operand (user, duration) before the command.
  return ['gosu', 'su-exec', 'timeout'].includes(programName(words[start] ?? '')) ? at + 1 : at;
}

/** The script of `sh -c SCRIPT`, `bash -lc SCRIPT`, `su user -c SCRIPT`, `eval SCRIPT`. */
function shellArgument(program: string, words: readonly string[]): string | undefined {
  if (program === 'eval') return words.slice(1).join(' ');
  if (!shells.has(program) && program !== 'su') return undefined;
  const flag = words.findIndex((word, index) => index > 0 && /^-[a-z]{0,8}c$/.test(word));
  return flag === -1 ? undefined : words[flag + 1];
}
