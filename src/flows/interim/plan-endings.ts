import { removeInterim } from '../../domain/interim/interim-edit.ts';
import { tellMarks } from '../../domain/interim/interim-mark.ts';
import { interimState } from '../../domain/interim/interim-state.ts';
import type { RefusedUpdate } from '../../domain/update/update-plan.ts';
import { scanKey } from '../scan/scan-key.ts';
import type { InterimPlace } from './interim-places.ts';
import { type InterimChange, type Planned, refusal } from './place-edits.ts';
import { type Answers, byFrom, factsOf, wantedOf } from './scan-places.ts';

/** Where build arguments make one FROM name several images, all of them have to have caught up. */
export function planEndings(places: readonly InterimPlace[], answers: Answers): Planned {
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
