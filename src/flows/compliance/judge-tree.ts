import type { Catalog } from '../../domain/catalog/catalog.ts';
import { type Compliance, complianceOf, type HeldWaiver } from '../../domain/compliance/compliance.ts';
import { judgePlace, type PlaceJudged } from '../../domain/compliance/judge-place.ts';
import { type Baseline, BaselineLedger } from '../../domain/policy/baseline.ts';
import type { Breach, Subject } from '../../domain/policy/evaluate.ts';
import { type CountedWaiver, countWaiver, indexIgnores } from '../../domain/policy/exceptions.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { allRules } from '../../domain/policy/rules/all-rules.ts';
import { endOfLife } from '../../domain/policy/rules/end-of-life.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { type JudgedAt, type JudgeTerms, judgeSubject, readIgnores } from '../judge-file.ts';
import type { ReadFiles } from '../monitor/collect-uses.ts';
import { isBuiltHere, lookUp, subjectOf } from '../subject-of.ts';
import type { SurveyRequest } from '../survey-tree.ts';

/** A tree that was judged by all that its files tell; what scanners told of its images is still to come. */
export type HalfJudgedTree = {
  readonly uses: readonly HalfJudgedUse[];
  readonly unreadFiles: number;
  readonly terms: JudgeTerms;
  readonly policy: Policy;
};

type HalfJudgedUse = {
  readonly at: JudgedAt;
  /** Without its Dockerfile, which would not fit into memory for a whole fleet. */
  readonly subject: Subject;
  readonly judged: Omit<PlaceJudged, 'scan'>;
};

/** What `check` asks of files alone. Those about registries need an answer that is not kept. */
const ofFiles = allRules.filter(({ isOnline, isScan }) => isOnline !== true && isScan !== true);
const ofScans = allRules.filter(({ isScan }) => isScan === true);
const judgedRules = allRules.filter(({ isOnline }) => isOnline !== true);

/** Judges every image use of a tree as `check` does. */
export function judgeTree(
  { files, producers }: ReadFiles,
  request: SurveyRequest & { readonly catalog: Catalog; readonly today: string; readonly baseline?: Baseline },
): HalfJudgedTree {
  const { policy, policyPath, settings, today } = request;
  const exceptions = { waivers: policy.waivers.map(countWaiver), baseline: new BaselineLedger(request.baseline) };
  const terms = { request: { policy, policyPath }, today, exceptions };
  const context = { producers, policy, look: lookUp(request, today), targetPlatform: settings.targetPlatform };
  const uses = files.flatMap((file) => {
    const ignores = indexIgnores(readIgnores(file, { request: { policy, rules: allRules }, today }).value);
    const at = { path: file.path, ignores };
    return file.uses.flatMap((placed): readonly HalfJudgedUse[] => {
      const { subject: found, chain } = subjectOf(placed, context);
      const { judgement, isJudged } = judgeSubject(found, at, ofFiles, terms);
      if (!isJudged) return [];
      const { dockerfile, ...subject } = found;
      const category = judgement.classification?.category ?? null;
      const told = { category, breaches: judgement.breaches, isInDockerfile: dockerfile !== undefined };
      return [{ at, subject, judged: { path: file.path, subject, ...told, isBuiltHere: isBuiltHere(chain) } }];
    });
  });
  const unreadFiles = files.filter(({ problems }) => problems.some(({ severity }) => severity === 'error')).length;
  return { uses, unreadFiles, terms, policy };
}

/** @param scanOf what was said of the image of a use; absent where no scanner was asked. */
export function withScans(
  { uses, unreadFiles, terms, policy }: HalfJudgedTree,
  scanOf: ((subject: Subject) => ScanFacts | undefined) | undefined,
): Compliance {
  let isScanned = scanOf !== undefined;
  const places = uses.map(({ at, subject, judged }) => {
    const isScannable = subject.reference !== undefined && !judged.isBuiltHere;
    const scan = isScannable ? scanOf?.(subject) : undefined;
    if (isScannable && scan?.kind !== 'scanned') isScanned = false;
    return judgePlace({ ...judged, breaches: [...judged.breaches, ...scanBreaches()], scan }, judgedRules, policy);

    function scanBreaches(): readonly Breach[] {
      if (scan === undefined) return [];
      const isEnded = judged.breaches.some(({ rule }) => rule === endOfLife.id);
      const rules = isEnded ? ofScans : [...ofScans, endOfLife];
      return judgeSubject({ ...subject, scan }, at, rules, terms).judgement.breaches;
    }
  });
  const isWhole = unreadFiles === 0;
  const held = terms.exceptions.waivers.map((counted) =>
    heldWaiver(counted, { isScanned, isWhole, today: terms.today }),
  );
  return complianceOf(places, unreadFiles, held);
}

type Extent = { readonly isScanned: boolean; readonly isWhole: boolean; readonly today: string };

function heldWaiver({ waiver, uses, met }: CountedWaiver, extent: Extent): HeldWaiver {
  const { id, file, image, path, rules, findings, owner, approvedBy, expires } = waiver;
  return {
    ...{ id, file, image: image.text, owner, until: expires },
    of: findings === undefined ? rules : findings.ids,
    ...(path === undefined ? {} : { path }),
    ...(approvedBy === undefined ? {} : { approvedBy }),
    covers: covered(),
  };

  function covered(): number | null {
    if (expires < extent.today) return 0;
    const found =
      findings === undefined ? uses : [...met.values()].filter(({ effect }) => effect !== 'too-long').length;
    if (found > 0) return found;
    const isOfFiles = findings === undefined && rules.every((rule) => ofFiles.some(({ id: own }) => own === rule));
    return extent.isWhole && (isOfFiles || (extent.isScanned && rules.every(isJudged))) ? 0 : null;
  }
}

/** What no look asks about may be needed all the same. */
function isJudged(rule: string): boolean {
  return rule === 'deadlines' || judgedRules.some(({ id }) => id === rule);
}
