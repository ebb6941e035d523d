import { editDependabot } from '../../domain/dependabot/edit-dependabot.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { mapLimited } from '../limited.ts';
import { type SurveyRequest, surveyTree } from '../survey-tree.ts';
import { problemsOf, type TreePlan } from '../update/tree-plan.ts';
import { coveredUses, type UncoveredUse } from './covered-uses.ts';
import { judgeTree } from './judge-tree.ts';

/** What `dependabot` found and did: field for field its JSON. */
export type DependabotResult = {
  readonly schemaVersion: 1;
  /** Of `dependabot.yml`, where it stands or would stand. */
  readonly path: string;
  readonly isThere: boolean;
  /** null where the policy does not say: then Basekeeper owns updates, and entries of Dependabot are no fault. */
  readonly owner: NonNullable<Policy['update']['owner']> | null;
  readonly findings: readonly ToldFinding[];
  /** What keeps files from being read, `dependabot.yml` among them. */
  readonly problems: TreePlan['problems'];
  /** Images that Dependabot cannot update, and why: Basekeeper covers them. */
  readonly uncovered: readonly UncoveredUse[];
  /** What `write` makes of the file; absent where nothing would change. `before` is null for a new file. */
  readonly change?: { readonly before: string | null; readonly after: string };
  readonly isWritten: boolean;
};

type ToldFinding = {
  readonly kind: string;
  readonly level: 'info' | 'warn';
  readonly reason: string;
  readonly line?: number;
  /** `write` mends it. */
  readonly isMended: boolean;
};

/** Reads a tree and its `dependabot.yml`, and plans what would mend that. Nothing is written. */
export async function planDependabot(workspace: Workspace, request: SurveyRequest): Promise<DependabotResult> {
  const { update } = request.policy;
  const survey = await surveyTree(workspace, request);
  const files = [...survey.documents, ...(await mapLimited(survey.dockerfiles, survey.read))];
  const covered = files.map(coveredUses);
  const { path, text, findings, problems } = await judgeTree(workspace, covered, update);
  const changes = findings.flatMap(({ change }) => change ?? []);
  const edited = editDependabot(text, changes, update);
  const left = new Set(edited.left.map((change) => JSON.stringify(change)));
  const before = text ?? null;
  const isChanged = problems.length === 0 && edited.text !== (before ?? '');
  return {
    schemaVersion: 1,
    path,
    isThere: text !== undefined,
    owner: update.owner ?? null,
    findings: findings.map(({ change, ...finding }) => ({
      ...finding,
      isMended: change !== undefined && !left.has(JSON.stringify(change)),
    })),
    problems: [
      ...problems.map(({ line, message }) => ({ path, line, message })),
      ...problemsOf(files).filter((problem) => problem.path !== path),
    ],
    uncovered: covered.flatMap((file) => file.uncovered),
    ...(isChanged ? { change: { before, after: edited.text } } : {}),
    isWritten: false,
  };
}

/** 0; 1 when a file could not be read, or something to be mended (`warn`) is left. */
export function dependabotExitCode({ findings, problems, isWritten }: DependabotResult): 0 | 1 {
  const isLeft = findings.some(({ level, isMended }) => level === 'warn' && !(isWritten && isMended));
  return problems.length > 0 || isLeft ? 1 : 0;
}
