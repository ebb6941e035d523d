import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  allCategories,
  type Compliance,
  type ComplianceCounts,
  type CompliancePlaces,
  noCategories,
  ofEachCriterion,
  type WaiverWords,
} from '../../domain/compliance/compliance.ts';
import { criterionVerdicts, type Tally, tallyOf } from '../../domain/compliance/criterion.ts';
import type { SpanWaivers } from '../../ports/compliance-log.ts';

/** A look as the ledger writes it: what differs in any character is another standing. */
export type ComplianceTexts = { readonly counts: string; readonly places: string; readonly waivers: string };

export function textsOf(compliance: Compliance): ComplianceTexts {
  const { uses, unreadFiles, byCategory, byCriterion, places, unlisted, byRule, waivers } = compliance;
  const categories = allCategories.map((category) => byCategory[category]);
  const criteria = Object.fromEntries(Object.entries(byCriterion).map(([id, tally]) => [id, numbersOf(tally)]));
  const rules = Object.fromEntries(Object.entries(byRule).map(([id, tally]) => [id, numbersOf(tally)]));
  const words = waivers.map(({ covers: _, ...own }): WaiverWords => own);
  return {
    counts: JSON.stringify([uses, unreadFiles, categories, criteria] satisfies CountsText),
    places: packed([places, unlisted, rules, waivers.map(({ covers }) => covers)] satisfies PlacesText),
    waivers: JSON.stringify(words),
  };
}

type CountsText = [uses: number, unread: number, categories: number[], criteria: Record<string, number[]>];
type PlacesText = [
  places: CompliancePlaces['places'],
  unlisted: number,
  rules: Record<string, number[]>,
  covers: SpanWaivers['covers'],
];

export function countsOf(text: string): ComplianceCounts {
  // Only `textsOf` writes the columns.
  const [uses, unreadFiles, categories, criteria] = JSON.parse(text) as CountsText;
  const byCategory = { ...noCategories };
  for (const [at, category] of allCategories.entries()) byCategory[category] = categories[at] ?? 0;
  return { uses, unreadFiles, byCategory, byCriterion: ofEachCriterion((id) => tallyFrom(criteria[id] ?? [])) };
}

export function placesOf(text: string): CompliancePlaces & SpanWaivers {
  const [places, unlisted, rules, covers] = JSON.parse(
    inflateRawSync(Buffer.from(text, 'base64')).toString('utf8'),
  ) as PlacesText;
  const byRule = Object.fromEntries(Object.entries(rules).map(([id, numbers]) => [id, tallyFrom(numbers)]));
  return { places, unlisted, byRule, covers };
}

export function waiversOf(text: string): readonly WaiverWords[] {
  return JSON.parse(text) as readonly WaiverWords[];
}

/** A fourth of its size: the same words stand in every place. */
function packed(value: unknown): string {
  return deflateRawSync(JSON.stringify(value), { level: 9 }).toString('base64');
}

function numbersOf(tally: Tally): number[] {
  return criterionVerdicts.map((verdict) => tally[verdict]);
}

function tallyFrom(numbers: readonly number[]): Tally {
  const tally = { ...tallyOf([]) };
  for (const [at, verdict] of criterionVerdicts.entries()) tally[verdict] = numbers[at] ?? 0;
  return tally;
}
