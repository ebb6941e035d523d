import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Policy } from '../domain/policy/policy.ts';
import type { Rule } from '../domain/policy/rule.ts';
import { applyPolicyFile, buildDefaultPolicy } from './build-policy.ts';
import { readBounded } from './read-bounded.ts';
import type { PolicyProblem, ReadPolicyFile } from './read-policy-file.ts';

export const policyFileNames = ['basekeeper.yaml', 'basekeeper.yml'] as const;

export type LoadedPolicy =
  /** `files`: absolute paths, the organisation's first; none for the default policy. */
  | { readonly kind: 'policy'; readonly policy: Policy; readonly files: readonly string[] }
  | { readonly kind: 'problems'; readonly problems: readonly PolicyProblem[] };

const maxBytes = 1024 * 1024;

/** The policy of a file, with what it extends and the defaults underneath. @param path absolute, or undefined for the default policy. */
export async function loadPolicy(
  path: string | undefined,
  rules: readonly Rule[],
  today: string,
): Promise<LoadedPolicy> {
  const defaults = buildDefaultPolicy(rules);
  if (path === undefined) return { kind: 'policy', policy: defaults, files: [] };
  const file = await readFileAt(path);
  if ('problems' in file) return { kind: 'problems', problems: file.problems };
  const problems: PolicyProblem[] = [];
  const context = { rules, today, problems };
  const parent = file.content.extends;
  if (parent === undefined) {
    const policy = applyPolicyFile(defaults, file, context);
    return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'policy', policy, files: [path] };
  }
  const organisationPath = resolve(dirname(path), parent);
  const organisationFile = /^[a-z]+:\/\//i.test(parent)
    ? failed(path, file.lineOf(['extends']), 'extends takes the path of a file; web addresses are not read')
    : await readFileAt(organisationPath);
  if ('problems' in organisationFile) return { kind: 'problems', problems: organisationFile.problems };
  if (organisationFile.content.extends !== undefined)
    return {
      kind: 'problems',
      problems: failed(organisationPath, organisationFile.lineOf(['extends']), "an organisation's file extends nothing")
        .problems,
    };
  const organisation = applyPolicyFile(defaults, organisationFile, context);
  const { loosenings } = await import('./tighten.ts');
  problems.push(...loosenings(organisation, file));
  const policy = applyPolicyFile(organisation, file, context);
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'policy', policy, files: [organisationPath, path] };
}

/** The nearest policy file at or above a folder, up to the root of its git work tree (or the folder alone outside of one). */
export async function findPolicyFile(folder: string): Promise<string | undefined> {
  const candidates: string[] = [];
  for (let at = resolve(folder); ; at = dirname(at)) {
    for (const name of policyFileNames) candidates.push(join(at, name));
    const isWorkTree = await exists(join(at, '.git'));
    if (isWorkTree || dirname(at) === at) {
      const searched = isWorkTree ? candidates : candidates.slice(0, policyFileNames.length);
      for (const candidate of searched) if (await exists(candidate)) return candidate;
      return undefined;
    }
  }
}

async function readFileAt(path: string): Promise<ReadPolicyFile | { readonly problems: readonly PolicyProblem[] }> {
  const read = await readBounded(path, maxBytes);
  if (read.kind !== 'text') return failed(path, 0, read.kind === 'missing' ? 'does not exist' : read.reason);
  // zod and yaml take longer to load than everything else: only a run with a policy file pays for them.
  const { readPolicyFile } = await import('./read-policy-file.ts');
  const reading = readPolicyFile(read.text, path);
  return reading.kind === 'file' ? reading.file : { problems: reading.problems };
}

function failed(file: string, line: number, message: string): { problems: readonly PolicyProblem[] } {
  return { problems: [{ file, line, message }] };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
