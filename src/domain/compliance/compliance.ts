import { type Category, categories } from '../policy/category.ts';
import { addTallies, type CriterionId, type CriterionVerdict, criteria, type Tally, tallyOf } from './criterion.ts';

/** What one look at a repository told by its policy: every judged image use, counted, and where each is. */
export type Compliance = ComplianceCounts & CompliancePlaces & { readonly waivers: readonly HeldWaiver[] };

export type ComplianceCounts = {
  /** Image uses that the policy judges. */
  readonly uses: number;
  /** Files that could not be read: what they name is in no number. */
  readonly unreadFiles: number;
  readonly byCategory: CategoryCounts;
  /** Of each criterion the uses that it speaks of. */
  readonly byCriterion: CriterionTallies;
};

/** `unknown`: build arguments keep the image from being known. */
export type CategoryCounts = Readonly<Record<Category | 'unknown', number>>;
export type CriterionTallies = Readonly<Record<CriterionId, Tally>>;

export type CompliancePlaces = {
  /** Worst first; at most `maxPlaces`. */
  readonly places: readonly JudgedPlace[];
  /** Uses that are counted and not listed. */
  readonly unlisted: number;
  /** Of each rule that is on somewhere, of the uses where it is. */
  readonly byRule: Readonly<Record<string, Tally>>;
};

/** One image use with what the policy says of it. */
export type JudgedPlace = {
  /** `/` separated. */
  readonly path: string;
  readonly line: number;
  /** Canonical; as it is written where it cannot be told. */
  readonly reference: string;
  readonly category: Category | null;
  /** Absent criteria do not speak of it. */
  readonly criteria: Readonly<Partial<Record<CriterionId, CriterionVerdict>>>;
  readonly breaches: readonly PlacedBreach[];
};

/** `waiver`: `W-7`, `line 3`, `baseline`. */
export type PlacedBreach = { readonly rule: string; readonly verdict: CriterionVerdict; readonly waiver?: string };

/** A waiver of the policy that held for a repository at a look. */
export type HeldWaiver = WaiverWords & {
  /** Breaches, or findings, that it covered; `null`: what it is about was not looked at. */
  readonly covers: number | null;
};

/** What its file says. */
export type WaiverWords = {
  readonly id: string;
  readonly file: string;
  /** The pattern. */
  readonly image: string;
  /** Path glob, where it holds in some files alone. */
  readonly path?: string;
  /** Rules or vulnerabilities. */
  readonly of: readonly string[];
  readonly owner: string;
  readonly approvedBy?: string;
  /** ISO date: its last day. */
  readonly until: string;
};

/** A file of thousands of uses was made to fill the ledger. */
const maxPlaces = 500;
/** Longer than any reference or path that is meant. */
const maxText = 400;

export type PlaceFacts = JudgedPlace & {
  /** What became of each rule that is on for the use. */
  readonly rules: Readonly<Record<string, CriterionVerdict>>;
};

/** Counts what was judged. @param places every use of the tree that the policy judges, in any order. */
export function complianceOf(
  places: readonly PlaceFacts[],
  unreadFiles: number,
  waivers: readonly HeldWaiver[],
): Compliance {
  const rules = new Set(places.flatMap((place) => Object.keys(place.rules)));
  const verdictsOf = (rule: string) => places.flatMap((place) => place.rules[rule] ?? []);
  const listed = places.toSorted(worstFirst).slice(0, maxPlaces);
  return {
    uses: places.length,
    unreadFiles,
    byCategory: countCategories(places),
    byCriterion: tallyCriteria(places),
    places: listed.map(({ path, line, reference, category, criteria: own, breaches }) => ({
      ...{ path: path.slice(0, maxText), line, reference: reference.slice(0, maxText), category },
      ...{ criteria: own, breaches },
    })),
    unlisted: places.length - listed.length,
    byRule: Object.fromEntries([...rules].sort().map((rule) => [rule, tallyOf(verdictsOf(rule))])),
    waivers,
  };
}

export function countCategories(places: readonly Pick<JudgedPlace, 'category'>[]): CategoryCounts {
  const counts = { ...noCategories };
  for (const { category } of places) counts[category ?? 'unknown'] += 1;
  return counts;
}

export function tallyCriteria(places: readonly Pick<JudgedPlace, 'criteria'>[]): CriterionTallies {
  return ofEachCriterion((id) => tallyOf(places.flatMap((place) => place.criteria[id] ?? [])));
}

export const noCategories: CategoryCounts = { preferred: 0, permitted: 0, restricted: 0, prohibited: 0, unknown: 0 };
export const allCategories: readonly (keyof CategoryCounts)[] = [...categories, 'unknown'];

export function addCounts(one: ComplianceCounts, other: ComplianceCounts): ComplianceCounts {
  const byCategory = { ...one.byCategory };
  for (const category of allCategories) byCategory[category] += other.byCategory[category];
  return {
    uses: one.uses + other.uses,
    unreadFiles: one.unreadFiles + other.unreadFiles,
    byCategory,
    byCriterion: ofEachCriterion((id) => addTallies(one.byCriterion[id], other.byCriterion[id])),
  };
}

export const noCounts: ComplianceCounts = {
  uses: 0,
  unreadFiles: 0,
  byCategory: noCategories,
  byCriterion: ofEachCriterion(() => tallyOf([])),
};

export function ofEachCriterion<T>(of: (id: CriterionId) => T): Readonly<Record<CriterionId, T>> {
  // Every criterion is there.
  return Object.fromEntries(criteria.map(({ id }) => [id, of(id)])) as Record<CriterionId, T>;
}

const weights: Readonly<Record<CriterionVerdict, number>> = {
  fail: 0,
  unknown: 1,
  warn: 2,
  waived: 3,
  info: 4,
  pass: 5,
};

function worstFirst(one: JudgedPlace, other: JudgedPlace): number {
  const [a, b] = [weightOf(one), weightOf(other)];
  if (a !== b) return a - b;
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line;
}

function weightOf({ criteria: own, breaches }: JudgedPlace): number {
  const verdicts = [...Object.values(own), ...breaches.map(({ verdict }) => verdict)];
  return verdicts.reduce((least, verdict) => Math.min(least, weights[verdict]), weights.pass);
}
