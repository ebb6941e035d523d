import type { Dockerfile } from '../domain/dockerfile/dockerfile.ts';
import type { Edit } from '../domain/dockerfile/edit.ts';
import { replacedLines } from '../domain/dockerfile/replaced-lines.ts';
import { repositoryName } from '../domain/image/reference.ts';
import { findInterimLines } from '../domain/interim/interim-lines.ts';
import { evaluate, type Subject } from '../domain/policy/evaluate.ts';
import { type Exceptions, findException, type IgnoreIndex, indexIgnores } from '../domain/policy/exceptions.ts';
import { ignoresOfDockerfile, ignoresOfDocument } from '../domain/policy/find-ignores.ts';
import { isJudgedRole } from '../domain/policy/judged-role.ts';
import type { Rule } from '../domain/policy/rule.ts';
import { buildTools } from '../domain/policy/rules/multi-stage/build-tools.ts';
import { singleStage } from '../domain/policy/rules/multi-stage/single-stage.ts';
import { missingPlatform } from '../domain/policy/rules/online/missing-platform.ts';
import { registryUnanswered } from '../domain/policy/rules/online/registry-unanswered.ts';
import { scanUnanswered } from '../domain/policy/rules/scan/scan-unanswered.ts';
import { waiveFindings } from '../domain/policy/waive-findings.ts';
import { indexLines } from '../domain/source/lines.ts';
import type { Problem } from '../domain/source/problem.ts';
import type { CheckRequest } from './check-request.ts';
import type { FileResult, JudgedUse, PolicyFinding } from './check-result.ts';
import type { Producers } from './internal-images.ts';
import { type JudgedUseFacts, judgedUse } from './judged-use.ts';
import { ignoreFindings, type Unasked } from './policy-findings.ts';
import type { PlacedUse, ReadFile } from './read-dockerfile.ts';
import { type LookUp, type LookUpScan, subjectOf } from './subject-of.ts';
import { type Candidate, writeInstead } from './write-instead.ts';

/** A file with its verdicts, and what is to be said of the ignores in it. */
export type JudgedFile = {
  readonly file: FileResult;
  readonly findings: readonly PolicyFinding[];
  /** By use, in the order of the file: what makes it name what is to be written instead. */
  readonly fixes: readonly (readonly Edit[] | undefined)[];
};

/** A multi-stage version of a Dockerfile with one stage that compiles; `undefined` where its commands are not understood. */
export type Suggest = (dockerfile: Dockerfile) => FileResult['suggestion'];

export type JudgeContext = {
  readonly request: CheckRequest;
  readonly producers: Producers;
  readonly suggest: Suggest | undefined;
  /** ISO date of the run. */
  readonly today: string;
  readonly exceptions: Exceptions;
  readonly look: LookUp;
  readonly scanOf: LookUpScan;
  readonly unasked: Unasked;
};

export function judgeFile(file: ReadFile, context: JudgeContext): JudgedFile {
  const { value, problems } = readIgnores(file, context);
  const ignores = indexIgnores(value);
  const lines = indexLines(file.text);
  const judged = file.uses.map((placed) => judgeUse(placed, file, ignores, context));
  const instead = writeInstead(judged.map(candidateOf), file.text, context.look);
  const uses = judged.map((facts, at) => {
    const edits = instead[at];
    const replaced = edits === undefined ? undefined : replacedLines(edits, file.text, lines);
    return judgedUse({ ...facts, lines, instead: replaced });
  });
  const [dockerfile] = file.dockerfiles;
  const asked = context.suggest !== undefined && dockerfile !== undefined && uses.some(wantsSplitting);
  const suggestion = asked ? context.suggest?.(dockerfile) : undefined;
  const silence = asked && suggestion === undefined ? [noSuggestion] : [];
  return {
    file: {
      path: file.path,
      kind: file.kind,
      problems: [...file.problems, ...problems, ...interimProblems(file), ...silence]
        .map(({ code, severity, message, line }) => ({ code, severity, message, line }))
        .sort((a, b) => a.line - b.line),
      uses,
      ...(suggestion === undefined ? {} : { suggestion }),
    },
    findings: ignoreFindings(file.path, ignores.all, context.today, context.unasked),
    fixes: instead,
  };
}

const noSuggestion: Problem = {
  code: 'no-suggestion',
  severity: 'info',
  message: 'no multi-stage version is suggested: the commands of this file are not understood well enough to move them',
  line: 0,
};

function judgeUse(
  placed: PlacedUse,
  file: ReadFile,
  ignores: IgnoreIndex,
  context: JudgeContext,
): Omit<JudgedUseFacts, 'lines' | 'instead'> {
  const { request } = context;
  const { subject: found, chain } = subjectOf(placed, {
    producers: context.producers,
    policy: request.policy,
    look: context.look,
    scanOf: context.scanOf,
    targetPlatform: request.settings.targetPlatform,
  });
  return { placed, chain, ...judgeSubject(found, { path: file.path, ignores }, request.rules, context) };
}

/** Where a use stands, and what is ignored there. */
export type JudgedAt = { readonly path: string; readonly ignores: IgnoreIndex };

/** What a use is judged by. */
export type JudgeTerms = {
  readonly request: Pick<CheckRequest, 'policy' | 'policyPath'>;
  /** ISO date of the run. */
  readonly today: string;
  readonly exceptions: Exceptions;
};

/** Judges a use by some rules, with what excepts from them. Those of a role that the policy does not judge break none. */
export function judgeSubject(
  found: Subject,
  { path, ignores }: JudgedAt,
  rules: readonly Rule[],
  { request, today, exceptions }: JudgeTerms,
): Pick<JudgedUseFacts, 'subject' | 'judgement' | 'isJudged'> {
  const { use } = found;
  const isJudged = isJudgedRole(use.role, request.policy);
  const subject = isJudged ? withWaivers(found, request.policyPath(path), { request, today, exceptions }) : found;
  const image = subject.reference === undefined ? use.written : repositoryName(subject.reference);
  const judgement = evaluate(subject, isJudged ? rules : [], request.policy, today, ({ rule, level, line }) =>
    findException(
      {
        rule,
        level,
        path: request.policyPath(path),
        reference: subject.reference,
        image,
        lines: [line ?? use.line, use.line],
      },
      exceptions,
      ignores,
      today,
    ),
  );
  return { subject, judgement, isJudged };
}

/** Findings that waivers name are taken out of its scan. */
function withWaivers(subject: Subject, path: string, { request: { policy }, exceptions, today }: JudgeTerms): Subject {
  const { scan, reference } = subject;
  if (scan === undefined || reference === undefined) return subject;
  const terms = { waiverDays: policy.waiverDays, unknownAs: policy.deadlines.unknownAs, today };
  return { ...subject, scan: waiveFindings(scan, exceptions.waivers, { path, reference }, terms) };
}

/** What another tag of the catalog does not mend. */
const beyondCatalog: ReadonlySet<string> = new Set([missingPlatform.id, registryUnanswered.id, scanUnanswered.id]);

/** A line is proposed where something is to be done: for a note alone nothing is. */
function candidateOf({ subject, judgement }: Pick<JudgedUseFacts, 'subject' | 'judgement'>): Candidate {
  const { use, reference, facts } = subject;
  const isWanted = judgement.breaches.some(({ level, rule }) => level !== 'info' && !beyondCatalog.has(rule));
  return {
    use,
    isWanted,
    ...(reference === undefined ? {} : { actual: reference }),
    ...(facts === undefined ? {} : { facts }),
  };
}

/** Marks of interim upgrades that mark nothing; the same in each reading of the file. */
function interimProblems({ text, dockerfiles: [dockerfile] }: ReadFile): readonly Problem[] {
  return dockerfile === undefined || !text.includes('basekeeper interim') ? [] : findInterimLines(dockerfile).problems;
}

export function readIgnores(
  file: ReadFile,
  { request, today }: { readonly request: Pick<CheckRequest, 'policy' | 'rules'>; readonly today: string },
): ReturnType<typeof ignoresOfDocument> {
  // Nearly no file has any: the instructions need not be listed for it.
  if (!file.text.includes('basekeeper:')) return { value: [], problems: [] };
  const knownRules = new Set(request.rules.map(({ id }) => id));
  const context = { knownRules, today, maxDays: request.policy.maxWaiverDays };
  const [dockerfile] = file.dockerfiles;
  return dockerfile === undefined
    ? ignoresOfDocument(file.text, context)
    : ignoresOfDockerfile(dockerfile.comments, instructionLines(dockerfile), context);
}

/** One stage that compiles, or that carries what compiles (a Python project compiles within `pip install`). */
function wantsSplitting(use: JudgedUse): boolean {
  return use.rules.some(({ rule }) => rule === singleStage.id || rule === buildTools.id);
}

function instructionLines({ stages }: Dockerfile): readonly number[] {
  return stages.flatMap((stage) => [stage.line, ...stage.instructions.map(({ line }) => line)]).sort((a, b) => a - b);
}
