import { expandedAfter, expandedText } from '../../domain/dockerfile/edit.ts';
import { canonicalReference, parseReference, type Reference } from '../../domain/image/reference.ts';
import { resolveAlias } from '../../domain/policy/classify.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { CheckRequest } from '../check-request.ts';
import { mapLimited } from '../limited.ts';
import type { ReadFile } from '../read-dockerfile.ts';
import { startJudging } from '../start-judging.ts';
import { surveyTree } from '../survey-tree.ts';
import { planWishes, type WishedUse } from './plan-wishes.ts';
import { problemsOf, type TreePlan, unresolvedOf } from './tree-plan.ts';

/**
 * The lines that `check` says to write instead, as a plan: what a tree needs to be on policy again, as far as the catalog of
 * public images tells. No registry is asked.
 */
export async function planFixes(
  workspace: Workspace,
  request: CheckRequest,
  isWanted: (reference: Reference) => boolean = () => true,
): Promise<TreePlan> {
  const survey = await surveyTree(workspace, request);
  const { judge } = startJudging(request, survey.producers, undefined, {});
  const files = [...survey.documents, ...(await mapLimited(survey.dockerfiles, survey.read))];
  const wishes = files.flatMap((file) => {
    const judged = judge(file);
    return file.uses.flatMap(({ use }, at): readonly WishedUse[] => {
      const edits = judged.fixes[at];
      const from = referenceOf(expandedText(use), request);
      if (edits === undefined || from === undefined || !isWanted(from)) return [];
      const after = expandedAfter(use.pieces, edits);
      const to = referenceOf(after, request);
      const rules = judged.file.uses[at]?.rules ?? [];
      const reasons = rules
        .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
        .map(({ reason }) => reason);
      return to === undefined ? [] : [{ file, use, lane: 'policy', from, to, after, reasons }];
    });
  });
  // Whatever else an edit changes was found harmless when the line was proposed.
  const planned = await planWishes(wishes, survey, async () => true, 'all');
  return {
    ...planned,
    others: [],
    unanswered: [],
    unresolved: unresolvedOf(files),
    problems: problemsOf(files),
    files: files.length,
    references: new Set(files.flatMap((file) => wantedNames(file, request, isWanted))).size,
  };
}

/** Canonical names of what a file names, as far as that is looked at. */
function wantedNames(
  { uses }: ReadFile,
  request: CheckRequest,
  isWanted: (reference: Reference) => boolean,
): readonly string[] {
  return uses.flatMap(({ use }) => {
    const reference = use.image.kind === 'reference' ? referenceOf(expandedText(use), request) : undefined;
    return reference === undefined || !isWanted(reference) ? [] : [canonicalReference(reference)];
  });
}

function referenceOf(text: string, { policy }: CheckRequest): Reference | undefined {
  const parsed = parseReference(text);
  return parsed.kind === 'invalid' ? undefined : resolveAlias(parsed.reference, policy.aliases);
}
