import { isAbsolute, join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import { type BaselineFile, readBaselineFile } from '../config/baseline-file.ts';
import { findPolicyFile, loadPolicy } from '../config/load-policy.ts';
import { isDate } from '../domain/policy/inline-ignore.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { currentInstant, currentTime } from '../wiring/clock.ts';
import { UsageError } from './failure.ts';
import { platformNamed } from './platform-named.ts';

/** Options that several commands share, as commander gives them. */
export type RunOptions = {
  readonly policy?: string;
  readonly now?: string;
  readonly platform?: string;
  readonly buildArg?: readonly string[];
};

/** `--now`, or another option that names an instant, checked; the current instant without it. A day alone means its first instant. */
export function instantOf(option: string | undefined, name = '--now'): string {
  if (option === undefined) return currentInstant();
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(option);
  const instant = new Date(option);
  // Date would read February 30th as March 2nd.
  if (!isIso || !isDate(option.slice(0, 10)) || Number.isNaN(instant.getTime()))
    throw new UsageError(`${name} ${JSON.stringify(option)} is no instant: write 2026-11-23 or 2026-11-23T12:00:00Z`);
  return instant.toISOString();
}

/** `--now` for replays and tests: the clock starts there and goes on. */
export function clockFrom(option: string | undefined): () => number {
  if (option === undefined) return currentTime;
  const offset = Date.parse(instantOf(option)) - currentTime();
  return () => currentTime() + offset;
}

/** `--build-arg K=V`, repeated; the last of a name wins. */
export function buildArgsOf(options: readonly string[] | undefined): Readonly<Record<string, string>> {
  const entries = (options ?? []).map((option): [string, string] => {
    const equals = option.indexOf('=');
    if (equals <= 0)
      throw new UsageError(`--build-arg ${JSON.stringify(option)} has no value: write --build-arg NAME=VALUE`);
    return [option.slice(0, equals), option.slice(equals + 1)];
  });
  return Object.fromEntries(entries);
}

/** `--platform`, checked. */
export function platformOf(option: string | undefined): { targetPlatform?: string } {
  if (option === undefined) return {};
  platformNamed(option);
  return { targetPlatform: option };
}

export type PolicyInForce = {
  readonly policy: Policy;
  readonly files: readonly string[];
  readonly baseline?: BaselineFile;
};

/**
 * The policy for one argument: `--policy FILE`, else the nearest file at or above it, else the default.
 *
 * @throws UsageError with every problem of the file and its line.
 */
export async function policyFor(folder: string, option: string | undefined, now: string): Promise<PolicyInForce> {
  const path = option === undefined ? await findPolicyFile(folder) : resolve(option);
  const loaded = await loadPolicy(path, allRules, now.slice(0, 10));
  if (loaded.kind === 'problems') {
    const lines = loaded.problems.map(
      ({ file, line, message }) => `${displayPath(file)}${line > 0 ? `:${line}` : ''}: ${message}`,
    );
    throw new UsageError(`the policy file was not accepted\n  ${lines.join('\n  ')}`);
  }
  const baseline = path === undefined ? undefined : await readBaselineFile(path);
  if (baseline !== undefined && 'problem' in baseline)
    throw new UsageError(`${displayPath(baseline.path)}: ${baseline.problem}`);
  const policy = {
    ...loaded.policy,
    waivers: loaded.policy.waivers.map((waiver) => ({ ...waiver, file: displayPath(waiver.file) })),
  };
  return {
    policy,
    files: loaded.files,
    ...(baseline === undefined ? {} : { baseline: { ...baseline, path: displayPath(baseline.path) } }),
  };
}

/** What the policy file answers for a path. */
export function answersOf(policy: Policy): (path: string) => Readonly<Record<string, string>> {
  const compiled = policy.buildArgs.map(({ glob, values }) => ({ matches: picomatch(glob, { dot: true }), values }));
  return (path) =>
    Object.assign({}, ...compiled.filter(({ matches }) => matches(path)).map(({ values }) => values)) as Record<
      string,
      string
    >;
}

/** Relative to where the user stands, when that is shorter. */
export function displayPath(path: string): string {
  const shown = relative(process.cwd(), path);
  return shown !== '' && !shown.startsWith('..') ? shown : isAbsolute(path) ? path : join(path);
}
