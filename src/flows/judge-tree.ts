import { describeImage } from '../domain/catalog/describe-image.ts';
import type { ImageFacts } from '../domain/catalog/image-facts.ts';
import { suggestMultiStage } from '../domain/dockerfile/split/suggest-multi-stage.ts';
import { canonicalReference, type Reference, repositoryName } from '../domain/image/reference.ts';
import { BaselineLedger } from '../domain/policy/baseline.ts';
import { classify, resolveAlias } from '../domain/policy/classify.ts';
import { type Breach, evaluate, type Subject } from '../domain/policy/evaluate.ts';
import { type CountedIgnore, countWaivers, type Exceptions, findException } from '../domain/policy/exceptions.ts';
import { ignoresOfDockerfile, ignoresOfDocument } from '../domain/policy/find-ignores.ts';
import { singleStage } from '../domain/policy/rules/multi-stage/single-stage.ts';
import { indexLines } from '../domain/source/lines.ts';
import type { CheckRequest } from './check.ts';
import type { CheckResult, FileResult, JudgedUse, PolicyFinding } from './check-result.ts';
import type { Tree } from './gather-tree.ts';
import { classifyInternal } from './internal-images.ts';
import { judgedUse } from './judged-use.ts';
import { exceptionFindings, ignoreFindings } from './policy-findings.ts';
import type { PlacedUse, ReadFile } from './read-tree.ts';
import { splitImages } from './split-images.ts';
import { summarise } from './summarise.ts';

/** The judgement of a tree that was read: pure. */
export function judgeTree(tree: Tree, request: CheckRequest): CheckResult {
  const today = request.now.slice(0, 10);
  const exceptions: Exceptions = {
    waivers: countWaivers(request.policy.waivers),
    baseline: new BaselineLedger(request.baseline?.content),
  };
  const look = lookUp(request, today);
  const findings: PolicyFinding[] = [];
  const files = tree.files.map((file) => judgeFile(file, tree, request, exceptions, look, findings, today));
  // A partial run cannot tell which exceptions are unused.
  const about = exceptionFindings(exceptions, today, {
    isPartial: request.only !== undefined,
    baselinePath: request.baseline?.path,
  });
  return {
    version: 1,
    now: request.now,
    files,
    summary: summarise(files, request.catalog.asOf, request.now, tree.notChecked),
    policyFindings: [...about, ...findings],
  };
}

type LookUp = (reference: Reference) => { readonly actual: Reference; readonly facts: ImageFacts };

/** Facts are found once per distinct reference. */
function lookUp({ policy, catalog }: CheckRequest, today: string): LookUp {
  const known = new Map<string, { actual: Reference; facts: ImageFacts }>();
  return (reference) => {
    const key = canonicalReference(reference);
    const before = known.get(key);
    if (before !== undefined) return before;
    const actual = resolveAlias(reference, policy.aliases);
    const found = { actual, facts: describeImage(actual, catalog, today) };
    known.set(key, found);
    return found;
  };
}

function judgeFile(
  file: ReadFile,
  tree: Tree,
  request: CheckRequest,
  exceptions: Exceptions,
  look: LookUp,
  findings: PolicyFinding[],
  today: string,
): FileResult {
  const context = {
    knownRules: new Set(request.rules.map(({ id }) => id)),
    today,
    maxDays: request.policy.maxWaiverDays,
  };
  const [dockerfile] = file.dockerfiles;
  const read =
    dockerfile === undefined || file.kind !== 'dockerfile'
      ? ignoresOfDocument(file.text, context)
      : ignoresOfDockerfile(dockerfile.comments, context);
  const ignores: readonly CountedIgnore[] = read.value.map((ignore) => ({ ignore, uses: 0 }));
  const lines = indexLines(file.text);
  const uses = file.uses.map((placed): JudgedUse => {
    const subject = subjectOf(placed, tree, request, look);
    const isJudged =
      (placed.use.role !== 'ci' || request.policy.judge.ci) &&
      (placed.use.role !== 'deployed' || request.policy.judge.deployed);
    const image = subject.reference === undefined ? placed.use.written : repositoryName(subject.reference);
    const judgement = evaluate(
      subject.subject,
      isJudged ? request.rules : [],
      request.policy,
      today,
      (breach: Breach) =>
        findException(
          {
            rule: breach.rule,
            path: file.path,
            reference: subject.reference,
            image,
            lines: [breach.line ?? placed.use.line, placed.use.line],
          },
          exceptions,
          ignores,
          today,
        ),
    );
    return judgedUse({
      placed,
      subject: subject.subject,
      chain: subject.chain,
      judgement,
      isJudged,
      text: file.text,
      lines,
    });
  });
  findings.push(...ignoreFindings(file.path, ignores, today));
  const problems = [...file.problems, ...read.problems].map(({ code, severity, message, line }) => ({
    code,
    severity,
    message,
    line,
  }));
  const suggestion =
    request.explain && dockerfile !== undefined && uses.some(compilesInOneStage)
      ? suggestMultiStage(dockerfile, { images: splitImages(request.catalog, today) })
      : undefined;
  return {
    path: file.path,
    kind: file.kind,
    problems: problems.sort((a, b) => a.line - b.line),
    uses,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function compilesInOneStage(use: JudgedUse): boolean {
  return use.rules.some(({ rule }) => rule === singleStage.id);
}

function subjectOf(
  placed: PlacedUse,
  tree: Tree,
  { policy }: CheckRequest,
  look: LookUp,
): { subject: Subject; reference?: Reference; chain?: readonly string[] } {
  const dockerfile = placed.dockerfile === undefined ? {} : { dockerfile: placed.dockerfile };
  const { image } = placed.use;
  if (image.kind !== 'reference') return { subject: { use: placed.use, ...dockerfile } };
  const { actual, facts } = look(image.reference);
  const internal = classifyInternal(image.reference, tree.producers, policy, (base) => {
    if (base === 'scratch') return classify('scratch', placed.use.role, policy);
    const found = look(base);
    return classify({ reference: found.actual, facts: found.facts }, placed.use.role, policy);
  });
  const inherited = internal === undefined ? {} : { inherited: internal.classification };
  const subject = { use: placed.use, reference: actual, facts, ...dockerfile, ...inherited };
  return { subject, reference: actual, ...(internal === undefined ? {} : { chain: internal.chain }) };
}
