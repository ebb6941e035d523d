import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { BaselineFile } from '../config/baseline-file.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { SurveyRequest } from '../flows/survey-tree.ts';
import { type Workspace, WorkspaceError } from '../ports/workspace.ts';
import { type Wiring, wire } from '../wiring/tree.ts';
import { UsageError } from './failure.ts';
import { answersOf, buildArgsOf, platformOf, policyFor, type RunOptions } from './run-options.ts';

/** One argument of a command: its files, the policy over them, and how both are read. */
export type OpenTree = {
  readonly workspace: Workspace;
  /** Absolute. */
  readonly folder: string;
  readonly survey: SurveyRequest;
  readonly policy: Policy;
  /** The policy's files, the organisation's first. */
  readonly policyFiles: readonly string[];
  readonly baseline?: BaselineFile;
  /** The policy stands over more than this tree. */
  readonly isPartial: boolean;
  /** Forges read their files here. */
  readonly isRepositoryRoot: boolean;
};

/** @throws UsageError when there is nothing at `path`, or its policy is not accepted. */
export async function openTree(path: string, options: RunOptions, now: string): Promise<OpenTree> {
  const root = resolve(path);
  const wiring = await wireOrRefuse(root, path);
  const folder = wiring.isFolder ? root : dirname(root);
  const { policy, baseline, files } = await policyFor(folder, options.policy, now);
  const place = slashed(relative(folderOfPolicy(files, folder), folder));
  const policyPath = (inner: string) => (place === '' ? inner : `${place}/${inner}`);
  const answers = answersOf(policy);
  const settings = {
    buildArgs: buildArgsOf(options.buildArg),
    buildArgsOf: (inner: string) => answers(policyPath(inner)),
    ...platformOf(options.platform),
  };
  return {
    workspace: wiring.workspace,
    folder,
    survey: { policy, settings, policyPath, isSingleFile: !wiring.isFolder },
    policy,
    policyFiles: files,
    ...(baseline === undefined ? {} : { baseline }),
    isPartial: place !== '' || !wiring.isFolder,
    isRepositoryRoot: wiring.isFolder && ['.git', '.github'].some((name) => isThere(join(folder, name))),
  };
}

/** The arguments of a command, the current folder for none; one that is given twice is looked at once. */
export function distinctRoots(paths: readonly string[]): readonly string[] {
  const given = paths.length === 0 ? ['.'] : paths;
  return [...new Map(given.map((path) => [resolve(path), path])).values()];
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

export function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

async function wireOrRefuse(root: string, path: string): Promise<Wiring> {
  try {
    const wiring = await wire(root);
    if (wiring !== undefined) return wiring;
  } catch (error) {
    if (error instanceof WorkspaceError) throw new UsageError(error.message);
    throw error;
  }
  throw new UsageError(`there is no file or folder ${path}`);
}

/** What the policy's path globs are relative to: its own folder, unless the argument lies elsewhere. */
function folderOfPolicy(files: readonly string[], folder: string): string {
  const file = files.at(-1);
  if (file === undefined) return folder;
  const place = relative(dirname(file), folder);
  return place.startsWith('..') || isAbsolute(place) ? folder : dirname(file);
}
