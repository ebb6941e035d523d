import { editDependabot } from '../../domain/dependabot/edit-dependabot.ts';
import type { DependabotSettings } from '../../domain/dependabot/judge-dependabot.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { mapLimited } from '../limited.ts';
import { type SurveyRequest, surveyTree } from '../survey-tree.ts';
import { problemsOf, type TreePlan } from '../update/tree-plan.ts';
import { coveredUses, type UncoveredUse } from './covered-uses.ts';
import { judgeTree } from './judge-tree.ts';
import type { LabelsResult } from './repository-labels.ts';

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
  readonly labels: LabelsResult;
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

/** Reads a tree and its `dependabot.yml`, and plans what would mend that. Nothing is written. @param settings the policy's when absent. */
export async function planDependabot(
  workspace: Workspace,
  request: SurveyRequest,
  settings: DependabotSettings = request.policy.update,
): Promise<DependabotResult> {
  const survey = await surveyTree(workspace, request);
  const files = [...survey.documents, ...(await mapLimited(survey.dockerfiles, survey.read))];
  const covered = files.map(coveredUses);
  const { path, text, findings, problems } = await judgeTree(workspace, covered, settings);
  const changes = findings.flatMap(({ change }) => change ?? []);
  const edited = editDependabot(text, changes, settings);
  const left = new Set(edited.left.map((change) => JSON.stringify(change)));
  const before = text ?? null;
  const isChanged = problems.length === 0 && edited.text !== (before ?? '');
  return {
    schemaVersion: 1,
    path,
    isThere: text !== undefined,
    owner: settings.owner ?? null,
    findings: findings.map(({ change, ...finding }) => ({
      ...finding,
      isMended: change !== undefined && !left.has(JSON.stringify(change)),
    })),
    problems: [
      ...problems.map(({ line, message }) => ({ path, line, message })),
      ...problemsOf(files).filter((problem) => problem.path !== path),
    ],
    uncovered: covered.flatMap((file) => file.uncovered),
    labels: { kind: 'not-checked', wanted: settings.labels },
    ...(isChanged ? { change: { before, after: edited.text } } : {}),
    isWritten: false,
  };
}

/** What a label that is missing weighs: as all that is off by the policy's word. */
export function labelLevel({ owner }: DependabotResult): 'info' | 'warn' {
  return owner === null ? 'info' : 'warn';
}

/**
 * 0; 1 when a file could not be read, or something to be mended (`warn`) is left; 3 when the forge did not answer, or made no
 * label.
 */
export function dependabotExitCode(result: DependabotResult): 0 | 1 | 3 {
  const { findings, problems, isWritten, labels } = result;
  if (labels.kind === 'unanswered' || (labels.kind === 'checked' && labels.failed.length > 0)) return 3;
  if (labels.kind === 'checked' && labels.missing.length > 0 && labelLevel(result) === 'warn') return 1;
  const isLeft = findings.some(({ level, isMended }) => level === 'warn' && !(isWritten && isMended));
  return problems.length > 0 || isLeft ? 1 : 0;
}
