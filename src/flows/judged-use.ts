import type { UsedImage } from '../domain/image/image-use.ts';
import { canonicalReference, repositoryName } from '../domain/image/reference.ts';
import type { Breach, Judgement, Subject } from '../domain/policy/evaluate.ts';
import type { LineIndex } from '../domain/source/lines.ts';
import type { Evidence, JudgedUse, RuleResult } from './check-result.ts';
import type { PlacedUse } from './read-dockerfile.ts';

export type JudgedUseFacts = {
  readonly placed: PlacedUse;
  readonly subject: Subject;
  readonly chain: readonly string[] | undefined;
  readonly judgement: Judgement;
  readonly isJudged: boolean;
  readonly lines: LineIndex;
  readonly instead: JudgedUse['instead'];
};

/** A judged use in the shape that is printed. */
export function judgedUse(facts: JudgedUseFacts): JudgedUse {
  const { placed, subject, judgement, isJudged } = facts;
  const { use } = placed;
  const { lines, instead } = facts;
  const column = use.span.start - lines.startOf(lines.lineAt(use.span.start)) + 1;
  return {
    reference: referenceText(use.image),
    written: use.written,
    role: use.role,
    stage: use.stage === undefined ? null : (use.stage.name ?? String(use.stage.index)),
    line: use.line,
    column,
    endColumn: column + Math.max(1, Math.min(use.span.end - use.span.start, use.written.length)),
    ...(use.platform === undefined ? {} : { platform: use.platform }),
    ...(use.image.kind === 'unresolved' ? { missing: use.image.missing } : {}),
    category: judgement.classification?.category ?? null,
    verdict: isJudged ? judgement.verdict : null,
    rules: judgement.breaches.map(ruleResult),
    ...(instead === undefined ? {} : { instead }),
    evidence: evidenceOf(subject, judgement, facts.chain),
  };
}

/** Canonical text: `docker.io/library/alpine:3.19`; null when it cannot be told. */
export function referenceText(image: UsedImage): string | null {
  switch (image.kind) {
    case 'scratch':
      return 'scratch';
    case 'reference':
      return canonicalReference(image.reference);
    case 'unresolved':
    case 'invalid':
      return null;
  }
}

export function ruleResult(breach: Breach): RuleResult {
  return {
    rule: breach.rule,
    verdict: breach.waiver === undefined ? breach.level : 'waived',
    reason: breach.reason,
    ...(breach.fix === undefined ? {} : { fix: breach.fix }),
    ...(breach.line === undefined ? {} : { line: breach.line }),
    ...(breach.waiver === undefined ? {} : { waiver: breach.waiver }),
  };
}

export function evidenceOf(subject: Subject, judgement: Judgement, chain: readonly string[] | undefined): Evidence {
  return {
    matched: judgement.classification ?? null,
    ...(chain === undefined ? {} : { chain }),
    ...(subject.reference === undefined ? {} : { image: repositoryName(subject.reference) }),
    ...(subject.facts === undefined ? {} : { facts: subject.facts }),
    ...(subject.registry === undefined ? {} : { registry: subject.registry }),
  };
}
