import { evidenceOf } from '../../domain/deadline/scan-evidence.ts';
import { canonicalReference, familiarReference } from '../../domain/image/reference.ts';
import { insertBehind } from '../../domain/interim/interim-edit.ts';
import { tellMarks, unmarkedFindings } from '../../domain/interim/interim-mark.ts';
import { planUpgrade } from '../../domain/interim/plan-upgrade.ts';
import { ratedAs } from '../../domain/policy/finding-waiver.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { RefusedUpdate } from '../../domain/update/update-plan.ts';
import type { Finding } from '../../domain/vulnerability/scan.ts';
import { scanKey } from '../scan/scan-key.ts';
import type { InterimPlace } from './interim-places.ts';
import type { InterimPlan, InterimRequest } from './interim-request.ts';
import { type InterimChange, type Planned, refusal } from './place-edits.ts';
import { type Answers, byFrom, factsOf, type Ports, scanPlaces, wantedOf } from './scan-places.ts';

const inLine: ReadonlySet<string> = new Set(['digest', 'patch', 'minor']);

export async function planInsertions(
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
  const inLineAnswers = await scanPlaces(
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
