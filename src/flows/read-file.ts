import type { Problem } from '../domain/source/problem.ts';
import { type Workspace, WorkspaceError } from '../ports/workspace.ts';
import type { ReadFile } from './read-dockerfile.ts';

/** A Dockerfile or document larger than this is refused with its size: none that people write comes near. */
const maxBytes = 4 * 1024 * 1024;

export type Text =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string };

export async function readText(workspace: Pick<Workspace, 'read'>, path: string): Promise<Text> {
  try {
    return { kind: 'text', text: await workspace.read(path, maxBytes) };
  } catch (error) {
    if (error instanceof WorkspaceError) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

/** The row of a report for what could not be read. */
export function unreadable(path: string, kind: string, reason: string, severity: Problem['severity']): ReadFile {
  const problem = { code: 'unreadable', severity, message: reason, line: 0 };
  return { path, kind, text: '', problems: [problem], uses: [], dockerfiles: [], dockerfileOf: new Map() };
}
