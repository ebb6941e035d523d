import type { Catalog } from '../../domain/catalog/catalog.ts';
import { expandedText } from '../../domain/dockerfile/edit.ts';
import { canonicalReference, parseReference, type Reference } from '../../domain/image/reference.ts';
import { writtenForm } from '../../domain/image/written-form.ts';
import { resolveAlias } from '../../domain/policy/classify.ts';
import type { RegistryFacts } from '../../domain/policy/registry-facts.ts';
import { chooseSteps, type KnownUpdates, type StepSettings } from '../../domain/update/choose-steps.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { mapLimited } from '../limited.ts';
import { askRegistries, type RegistryAnswers } from '../online/ask-registries.ts';
import { attempt } from '../online/attempt.ts';
import { ReferenceCollector, type WantedReference } from '../online/collect-references.ts';
import type { PlacedUse, ReadFile } from '../read-dockerfile.ts';
import { isBuiltHere, lookUp, type SubjectContext, subjectOf } from '../subject-of.ts';
import { type SurveyRequest, surveyTree } from '../survey-tree.ts';
import { type FollowerCheck, planWishes, type WishedUse } from './plan-wishes.ts';
import { type ResolvedTarget, resolveTarget } from './resolve-target.ts';
import { problemsOf, type TreePlan, unresolvedOf } from './tree-plan.ts';

export type PlanPorts = {
  readonly workspace: Workspace;
  /** Remembers what it was asked: lists are wanted twice. */
  readonly registry: Registry;
};

export type PlanRequest = SurveyRequest & {
  readonly catalog: Catalog;
  /** ISO instant of the run. */
  readonly now: string;
  readonly steps: StepSettings;
  /** Which images are looked at, after aliases; all when absent. */
  readonly isWanted?: (reference: Reference) => boolean;
  /** Uses that another bot updates: nothing is asked or planned for them. */
  readonly isLeft?: (file: ReadFile, placed: PlacedUse) => boolean;
  readonly onAsked?: (done: number, total: number) => void;
};

/**
 * What may be updated in a tree: every place that names an image, whatever the policy judges. Nothing is written. Refusals of
 * registries are rows of the result, never thrown, and never told as "up to date".
 */
export async function planTree({ workspace, registry }: PlanPorts, request: PlanRequest): Promise<TreePlan> {
  const { policy, settings, catalog, now, steps, isWanted = () => true, isLeft, onAsked } = request;
  const today = now.slice(0, 10);
  const survey = await surveyTree(workspace, request);
  const files = [...survey.documents, ...(await mapLimited(survey.dockerfiles, survey.read))];
  const ours = files.map((file) => ({
    file,
    uses: isLeft === undefined ? file.uses : file.uses.filter((placed) => !isLeft(file, placed)),
  }));
  const look = lookUp(request, today);
  const context = { policy, producers: survey.producers, look, targetPlatform: settings.targetPlatform };
  const wanted = collect(ours, context, isWanted);
  const asking = { catalog, today, ...(onAsked === undefined ? {} : { onProgress: onAsked }) };
  const answers = await askRegistries(registry, wanted, asking);
  const targets = await resolveTargets(registry, wanted, answers, steps);
  const wishes = ours.flatMap((part) => wishesOf(part, context, targets));
  const mayFollow: FollowerCheck = async (after) => {
    const parsed = parseReference(after);
    // What is pinned beside the tag would stay behind.
    if (parsed.kind === 'invalid' || parsed.reference.digest !== undefined) return false;
    const reference = resolveAlias(parsed.reference, policy.aliases);
    return (await attempt(() => registry.resolve(reference, reference.tag ?? 'latest'))).kind === 'answered';
  };
  const planned = await planWishes(wishes, survey, mayFollow, steps.take === 'each' ? 'each' : 'all');
  return {
    ...planned,
    refused: [...refusedTargets(wishes), ...planned.refused],
    others: otherSteps(wanted, answers, targets),
    unanswered: unansweredOf(wanted, answers, targets),
    unresolved: unresolvedOf(files),
    problems: problemsOf(files),
    files: files.length,
    references: wanted.length,
    ...(isLeft === undefined
      ? {}
      : { left: ours.reduce((sum, { file, uses }) => sum + file.uses.length - uses.length, 0) }),
  };
}

/** A file with those of its uses that are looked at. */
type PartOfFile = { readonly file: ReadFile; readonly uses: readonly PlacedUse[] };

function collect(
  parts: readonly PartOfFile[],
  context: SubjectContext,
  isWanted: (reference: Reference) => boolean,
): readonly WantedReference[] {
  const collector = new ReferenceCollector(context, () => true);
  for (const { file, uses } of parts) collector.add({ ...file, uses });
  return collector
    .references()
    .filter(({ reference }) => isWanted(reference))
    .map((one) => ({ ...one, wantsPublisher: false }));
}

/** By canonical reference. */
type Targets = ReadonlyMap<string, readonly StepTarget[]>;
type StepTarget = { readonly step: ReturnType<typeof chooseSteps>[number]; readonly target: ResolvedTarget };

async function resolveTargets(
  registry: Registry,
  wanted: readonly WantedReference[],
  answers: RegistryAnswers,
  settings: StepSettings,
): Promise<Targets> {
  const entries = await mapLimited(wanted, async ({ reference, platforms }) => {
    const name = canonicalReference(reference);
    const steps = chooseSteps(knownUpdates(reference, answers.get(name)), settings);
    const published = publishedOf(answers.get(name), platforms);
    const targets = await Promise.all(
      steps.map(async (step) => ({ step, target: await resolveTarget(registry, reference, step, published) })),
    );
    return [name, targets] as const;
  });
  return new Map(entries);
}

function knownUpdates(reference: Reference, facts: RegistryFacts | undefined): KnownUpdates {
  const newer = facts?.newer?.kind === 'listed' ? facts.newer : undefined;
  const moved = facts?.tag?.kind === 'moved' ? facts.tag.digest : undefined;
  const found = reference.digest === undefined && facts?.image.kind === 'found' ? facts.image.digest : undefined;
  const tagDigest = moved ?? found;
  return {
    reference,
    candidates: newer?.candidates ?? [],
    recommended: newer?.recommended,
    ...(tagDigest === undefined ? {} : { tagDigest }),
    hasMoved: moved !== undefined,
  };
}

/** A platform that the present image lacks too is not asked of the next one. */
function publishedOf(facts: RegistryFacts | undefined, platforms: readonly string[]): readonly string[] {
  const content = facts?.content;
  return content?.kind === 'read' ? platforms.filter((platform) => content.platforms.includes(platform)) : platforms;
}

function wishesOf({ file, uses }: PartOfFile, context: SubjectContext, targets: Targets): readonly WishedUse[] {
  return uses.flatMap((placed): readonly WishedUse[] => {
    const { subject, chain } = subjectOf(placed, context);
    const { reference } = subject;
    if (reference === undefined || isBuiltHere(chain)) return [];
    const { use } = placed;
    return (targets.get(canonicalReference(reference)) ?? []).flatMap(({ step, target }) => {
      if (target.kind === 'unanswered') return [];
      const to = target.kind === 'ready' ? target.to : step.to;
      const after = writtenForm(expandedText(use), reference, to);
      const { lane, reasons } = step;
      const refusal = target.kind === 'refused' ? { refusal: target.reason } : {};
      return [{ file, use, lane, from: reference, to, after, reasons, ...refusal }];
    });
  });
}

function refusedTargets(wishes: readonly WishedUse[]): TreePlan['refused'] {
  return wishes.flatMap(({ file, use, after, lane, refusal }) =>
    refusal === undefined
      ? []
      : [{ path: file.path, line: use.line, before: expandedText(use), after, lane, reason: refusal }],
  );
}

/** What is listed and not taken, so that nobody takes a reference for the newest there is. A minor step makes up for a patch. */
function otherSteps(
  wanted: readonly WantedReference[],
  answers: RegistryAnswers,
  targets: Targets,
): TreePlan['others'] {
  return wanted.flatMap(({ reference }) => {
    const name = canonicalReference(reference);
    const taken = targets.get(name) ?? [];
    return knownUpdates(reference, answers.get(name)).candidates.flatMap(({ lane, tag, repository }) => {
      const isTaken = taken.some(({ step }) => step.lane === lane || (step.lane === 'minor' && lane === 'patch'));
      const to = repository === undefined ? tag : `${repository}:${tag}`;
      return isTaken ? [] : [{ reference: name, lane, to }];
    });
  });
}

function unansweredOf(
  wanted: readonly WantedReference[],
  answers: RegistryAnswers,
  targets: Targets,
): TreePlan['unanswered'] {
  return wanted.flatMap(({ reference }) => {
    const name = canonicalReference(reference);
    const facts = answers.get(name);
    const said = [facts?.image, facts?.tag, facts?.newer, ...(targets.get(name) ?? []).map(({ target }) => target)];
    const refused = said.find((answer) => answer?.kind === 'unanswered');
    // What is gone and has a step that leads away from it was answered for.
    const isLed = targets.get(name)?.some(({ target }) => target.kind === 'ready') === true;
    const missing = facts?.image.kind === 'missing' && !isLed ? facts.image.message : undefined;
    const message = refused?.kind === 'unanswered' ? refused.message : missing;
    return message === undefined ? [] : [{ reference: name, message }];
  });
}
