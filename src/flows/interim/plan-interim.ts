import { evidenceOf } from '../../domain/deadline/scan-evidence.ts';
import { canonicalReference, familiarReference, type Reference } from '../../domain/image/reference.ts';
import { insertBehind, removalBeside, removeInterim } from '../../domain/interim/interim-edit.ts';
import { tellMarks, unmarkedFindings } from '../../domain/interim/interim-mark.ts';
import { interimState } from '../../domain/interim/interim-state.ts';
import { planUpgrade } from '../../domain/interim/plan-upgrade.ts';
import { ratedAs } from '../../domain/policy/finding-waiver.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { RefusedUpdate, UpdateStep } from '../../domain/update/update-plan.ts';
import type { Finding } from '../../domain/vulnerability/scan.ts';
import type { Statement } from '../../domain/vulnerability/suppress/statement.ts';
import type { WantedScan } from '../scan/resolve-image.ts';
import type { ScanAnswers, ScanRegistry, Scans } from '../scan/scan-images.ts';
import { scanKey } from '../scan/scan-key.ts';
import { startTakingOut } from '../scan/take-out.ts';
import type { Survey } from '../survey-tree.ts';
import type { TreePlan } from '../update/tree-plan.ts';
import type { InterimPlace } from './interim-places.ts';
import { type InterimChange, placeEdits, refusal } from './place-edits.ts';

export type InterimRequest = {
  readonly places: readonly InterimPlace[];
  readonly policy: Policy;
  /** What VEX documents and ignore files say. */
  readonly statements: readonly Statement[];
  readonly now: Instant;
  /** Whether upgrades are to be written in; those that are needed no more go out in any case. */
  readonly isInserting: boolean;
  /** What would be proposed in the line of these references. */
  readonly stepsInLine: (isWanted: (reference: Reference) => boolean) => Promise<readonly UpdateStep[]>;
  readonly onScanned?: (done: number, total: number) => void;
};

export type InterimPlan = Pick<TreePlan, 'plans' | 'refused' | 'unanswered'>;

type Ports = { readonly scans: Scans; readonly registry: ScanRegistry };
type Answers = Pick<ScanAnswers, 'facts' | 'scans'>;

const inLine: ReadonlySet<string> = new Set(['digest', 'patch', 'minor']);

/**
 * Which marked upgrades go into the Dockerfiles of a tree and which go out: in, for CRITICAL findings with a fix that nothing in the line of
 * the base is free of; out, where the base scans free of all that they are for. What no scan tells changes nothing.
 *
 * @see docs/interim.md
 */
export async function planInterim(
  ports: Ports,
  survey: Pick<Survey, 'readAs'>,
  request: InterimRequest,
): Promise<InterimPlan> {
  const looked = request.isInserting ? request.places : request.places.filter(({ lines }) => lines.length > 0);
  if (looked.length === 0) return { plans: [], refused: [], unanswered: [] };
  const answers = await scan(ports, looked.map(wantedOf), request);
  const removed = endings(looked, answers);
  const added = request.isInserting
    ? await insertions(ports, looked, answers, request)
    : { changes: [], refused: [], unanswered: [] };
  const placed = await placeEdits([...apart(removed.changes, added.changes), ...added.changes], survey);
  return {
    plans: placed.plans,
    refused: [...removed.refused, ...added.refused, ...placed.refused],
    unanswered: [...unansweredOf(looked, answers), ...added.unanswered],
  };
}

/** Both are planned against the same text, and may be written together. */
function apart(removed: readonly InterimChange[], added: readonly InterimChange[]): readonly InterimChange[] {
  return removed.map((change) => {
    const beside = added.filter(({ place }) => place.file === change.place.file).flatMap(({ edits }) => edits);
    return { ...change, edits: change.edits.map((edit) => removalBeside(edit, beside)) };
  });
}

async function scan(
  { scans, registry }: Ports,
  images: readonly WantedScan[],
  { policy, statements, now, onScanned }: InterimRequest,
): Promise<Answers> {
  const wanted = [...new Map(images.map((one) => [scanKey(one.reference, one.platform), one])).values()];
  const { takeOut } = startTakingOut(statements, formatInstant(now).slice(0, 10));
  const progress = onScanned === undefined ? {} : { onProgress: onScanned };
  const { maxDatabaseAgeMs } = policy.scanner;
  return scans.of(registry, { wanted, now, maxDatabaseAgeMs, reports: [], takeOut, ...progress });
}

function wantedOf({ reference, platform }: Pick<InterimPlace, 'reference' | 'platform'>): WantedScan {
  return { reference, ...(platform === undefined ? {} : { platform }) };
}

function factsOf(answers: Answers, { reference, platform }: WantedScan): ScanFacts {
  return answers.facts.get(scanKey(reference, platform)) ?? { kind: 'failed', message: 'it was not scanned' };
}

type Planned = { readonly changes: readonly InterimChange[]; readonly refused: readonly RefusedUpdate[] };

/** Where build arguments make one FROM name several images, all of them have to have caught up. */
function endings(places: readonly InterimPlace[], answers: Answers): Planned {
  const changes: InterimChange[] = [];
  const refused: RefusedUpdate[] = [];
  for (const same of byFrom(places)) {
    const [place] = same;
    if (place === undefined) continue;
    for (const line of place.lines) {
      const states = same.map((one) => interimState(line.marks, factsOf(answers, wantedOf(one))));
      if (!states.every((state) => state === 'caught-up')) continue;
      const named = tellMarks(line.marks);
      if (!line.isUpgradeAlone) {
        const lines = `lines ${line.from}–${line.to}`;
        refused.push(
          refusal(
            place,
            'interim-end',
            `the base is free of ${named}, but the RUN of ${lines} does other things as well: remove its upgrade by hand`,
          ),
        );
        continue;
      }
      const { user } = answers.scans.get(scanKey(place.reference, place.platform)) ?? {};
      const edits = [removeInterim(place.file.text, line, user)];
      const reasons = [
        `the base has caught up: its scan is free of ${named}, for which lines ${line.from}–${line.to} were written`,
      ];
      changes.push({ place, lane: 'interim-end', edits, reasons });
    }
  }
  return { changes, refused };
}

async function insertions(
  ports: Ports,
  places: readonly InterimPlace[],
  answers: Answers,
  request: InterimRequest,
): Promise<Planned & Pick<InterimPlan, 'unanswered'>> {
  const { unknownAs } = request.policy.deadlines;
  const open = byFrom(places.filter(({ isCounted }) => isCounted)).flatMap((same) => {
    const found = same.map((place) => ({
      place,
      findings: unmarked(place, factsOf(answers, wantedOf(place)), unknownAs),
    }));
    const [first] = found.filter(({ findings }) => findings.length > 0);
    return first === undefined ? [] : [{ ...first, isAlone: same.length === 1 }];
  });
  if (open.length === 0) return { changes: [], refused: [], unanswered: [] };
  const wanted = new Set(open.map(({ place }) => canonicalReference(place.reference)));
  const steps = (await request.stepsInLine((one) => wanted.has(canonicalReference(one)))).filter(({ lane }) =>
    inLine.has(lane),
  );
  const targetsOf = ({ reference, platform }: InterimPlace) =>
    steps
      .filter(({ from }) => canonicalReference(from) === canonicalReference(reference))
      .map(({ to }) => wantedOf({ reference: to, ...(platform === undefined ? {} : { platform }) }));
  const inLineAnswers = await scan(
    ports,
    open.flatMap(({ place }) => targetsOf(place)),
    request,
  );
  const changes: InterimChange[] = [];
  const refused: RefusedUpdate[] = [];
  const unanswered: { readonly reference: string; readonly message: string }[] = [];
  for (const { place, findings, isAlone } of open) {
    const refuse = (reason: string) => refused.push(refusal(place, 'interim', reason));
    if (!isAlone) {
      refuse('by build arguments its FROM names several images: write the upgrade by hand');
      continue;
    }
    const targets = targetsOf(place).map((target) => ({ target, facts: factsOf(inLineAnswers, target) }));
    const left = findings.filter((finding) => {
      const better = targets.find(({ facts }) => evidenceOf(facts, finding).kind === 'absent');
      if (better !== undefined)
        refuse(
          `${familiarReference(better.target.reference)} scans free of ${finding.id}: take it instead, basekeeper update writes it`,
        );
      return better === undefined;
    });
    const untold = targets.find(({ facts }) => facts.kind !== 'scanned');
    if (left.length === 0) continue;
    if (untold !== undefined && untold.facts.kind !== 'scanned') {
      const reference = canonicalReference(untold.target.reference);
      unanswered.push({ reference, message: `whether it has the fix is not known: ${untold.facts.message}` });
      continue;
    }
    const { user } = answers.scans.get(scanKey(place.reference, place.platform)) ?? {};
    const upgrade = planUpgrade(left, { reference: place.reference, user });
    for (const { finding, reason } of upgrade.left) refuse(`${finding.id} in ${finding.sourcePackage}: ${reason}`);
    if (upgrade.run === undefined) continue;
    const edits = [insertBehind(place.file.text, place.use, upgrade.lines)];
    const reasons = [
      `nothing in its line is free of ${tellMarks(upgrade.marks)}: upgraded until the base is`,
      upgrade.run,
    ];
    changes.push({ place, lane: 'interim', edits, reasons });
  }
  return { changes, refused, unanswered };
}

/** CRITICAL findings with a fix that no mark names. */
function unmarked(
  { lines }: InterimPlace,
  facts: ScanFacts,
  unknownAs: Parameters<typeof ratedAs>[1],
): readonly Finding[] {
  if (facts.kind !== 'scanned') return [];
  const critical = facts.findings.filter(
    ({ severity, fixedVersion }) => ratedAs(severity, unknownAs) === 'critical' && fixedVersion !== undefined,
  );
  return unmarkedFindings(critical, lines);
}

function byFrom(places: readonly InterimPlace[]): readonly (readonly InterimPlace[])[] {
  const groups = Map.groupBy(places, ({ file, use }) => `${use.span.start} ${file.path}`);
  return [...groups.values()];
}

/** What was not learnt of a base: neither that it is patched nor that it is not. */
function unansweredOf(places: readonly InterimPlace[], answers: Answers): InterimPlan['unanswered'] {
  const rows = places.flatMap((place) => {
    const facts = factsOf(answers, wantedOf(place));
    return facts.kind === 'scanned' ? [] : [[canonicalReference(place.reference), facts.message] as const];
  });
  return [...new Map(rows)].map(([reference, message]) => ({ reference, message }));
}
