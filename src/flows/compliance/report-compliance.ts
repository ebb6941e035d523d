import { type ChosenSpans, chooseSpans } from '../../domain/compliance/choose-spans.ts';
import {
  addCounts,
  allCategories,
  type CategoryCounts,
  type ComplianceCounts,
  type CriterionTallies,
  type JudgedPlace,
  noCounts,
} from '../../domain/compliance/compliance.ts';
import {
  addTallies,
  type CriterionId,
  criteria,
  sumOf,
  type Tally,
  tallyOf,
} from '../../domain/compliance/criterion.ts';
import { waiverAges } from '../../domain/compliance/waiver-ages.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { ComplianceHistory, ComplianceSpan } from '../../ports/compliance-log.ts';
import type { RepositoryOwner } from '../deadlines/episode-result.ts';

/** How image uses stand by the policy, and how that changed: field for field `compliance` in the JSON of `report`. */
export type ComplianceReport = {
  readonly repositories: {
    /** Of these the numbers are taken, as their last looks told. */
    readonly lookedAt: number;
    /** In no number: how they stand is not known. `lastAt`: `null` for never. */
    readonly notLookedAt: readonly { readonly repository: string; readonly lastAt: string | null }[];
  };
  readonly uses: number;
  readonly unreadFiles: number;
  readonly byCategory: readonly CategoryShare[];
  readonly byCriterion: readonly CriterionShare[];
  readonly byRule: Readonly<Record<string, Tally>>;
  readonly byOwner: readonly (ComplianceCounts & { readonly owner: string })[];
  /** At the end of each of twelve stretches, of the repositories that had been looked at by then. */
  readonly trend: readonly {
    readonly until: string;
    readonly repositories: number;
    readonly uses: number;
    readonly byCategory: CategoryCounts;
    readonly byCriterion: CriterionTallies;
  }[];
  readonly waivers: readonly WaiverAge[];
  /** What the numbers are of, repository by repository, worst first. */
  readonly places: readonly ReportedPlace[];
  /** Uses that are counted and not listed: of repositories with hundreds of them. */
  readonly unlisted: number;
};

/** Shares are of 0 to 1, `null` where there is nothing to take them of. `shareBefore`: of the same repositories when the time began. */
export type CategoryShare = {
  readonly category: keyof CategoryCounts;
  readonly uses: number;
  readonly usesBefore: number;
  readonly share: number | null;
  readonly shareBefore: number | null;
};

/** `passShare`: of all that it speaks of; what is unknown, waived or noted counts as not passed. */
export type CriterionShare = Tally & {
  readonly criterion: CriterionId;
  readonly title: string;
  readonly policy: string;
  readonly uses: number;
  readonly passShare: number | null;
  readonly passShareBefore: number | null;
};

/** `row`: what other parts of the report call it by. */
export type ReportedPlace = JudgedPlace & { readonly row: number; readonly repository: string };

export type WaiverAge = {
  readonly id: string;
  readonly file: string;
  readonly image: string;
  readonly path: string | null;
  /** Rules or vulnerabilities. */
  readonly of: readonly string[];
  readonly owner: string;
  readonly approvedBy: string | null;
  /** When a look saw it first. */
  readonly seenSince: string;
  readonly ageMs: number;
  /** Its last day. */
  readonly until: string;
  readonly isExpired: boolean;
  readonly repositories: readonly string[];
  /** Breaches and findings that it covered at the last looks; `null`: what it is about was not looked at everywhere. */
  readonly covers: number | null;
  /** Places, by `row`, of which it covers breaches. */
  readonly places: readonly number[];
};

export type ComplianceRequest = {
  readonly since: Instant;
  readonly now: Instant;
  /** Ends of the stretches of time, the last one `now`. */
  readonly ends: readonly Instant[];
  readonly owners?: ReadonlyMap<string, RepositoryOwner>;
  readonly ownerOf: (repository: string) => string;
};

/** @param history absent: nothing was looked at yet. */
export async function reportCompliance(
  history: ComplianceHistory | undefined,
  { since, now, ends, owners, ownerOf }: ComplianceRequest,
): Promise<ComplianceReport> {
  const spans = (await history?.listSpans()) ?? [];
  const chosen = chooseSpans(spans, { since, now, ends }, owners?.keys());
  const counts = (await history?.readCounts(idsOf(chosen))) ?? new Map<number, ComplianceCounts>();
  const sum = (some: readonly ComplianceSpan[]) =>
    some.reduce((total, { id }) => addCounts(total, counts.get(id) ?? noCounts), noCounts);
  const [present, before] = [sum(chosen.present), sum(chosen.before)];
  const facts = (await history?.readPlaces(chosen.present.map(({ id }) => id))) ?? new Map<number, never>();
  const places: ReportedPlace[] = [];
  let byRule: Readonly<Record<string, Tally>> = {};
  let unlisted = 0;
  for (const { id, repository } of chosen.present) {
    const told = facts.get(id);
    if (told === undefined) continue;
    for (const place of told.places) places.push({ row: places.length + 1, repository, ...place });
    byRule = addRules(byRule, told.byRule);
    unlisted += told.unlisted;
  }
  const ofOwner = Map.groupBy(chosen.present, ({ repository }) => ownerOf(repository));
  const held = chosen.present.map((span) => ({ ...span, covers: facts.get(span.id)?.covers ?? [] }));
  const ages = waiverAges(
    held,
    spans.filter(({ firstAt }) => firstAt <= now),
  );
  return {
    repositories: {
      lookedAt: chosen.present.length,
      notLookedAt: chosen.unseen.map(({ repository, lastAt }) => ({
        repository,
        lastAt: lastAt === undefined ? null : formatInstant(lastAt),
      })),
    },
    ...{ uses: present.uses, unreadFiles: present.unreadFiles },
    byCategory: allCategories.map((category) => ({
      ...{ category, uses: present.byCategory[category], usesBefore: before.byCategory[category] },
      share: shareOf(present.byCategory[category], present.uses),
      shareBefore: shareOf(before.byCategory[category], before.uses),
    })),
    byCriterion: criteria.map(({ id, title, policy }) => ({
      ...{ criterion: id, title, policy, ...present.byCriterion[id], uses: sumOf(present.byCriterion[id]) },
      passShare: passShare(present.byCriterion[id]),
      passShareBefore: passShare(before.byCriterion[id]),
    })),
    byRule,
    byOwner: [...ofOwner]
      .map(([owner, own]) => ({ owner, ...sum(own) }))
      .toSorted((a, b) => b.byCategory.prohibited - a.byCategory.prohibited || (a.owner < b.owner ? -1 : 1)),
    trend: chosen.atEnds.map((own, at) => {
      const { uses, byCategory, byCriterion } = sum(own);
      return { until: formatInstant(ends[at] ?? now), repositories: own.length, uses, byCategory, byCriterion };
    }),
    waivers: ages.map(({ words, seenSince, repositories, covers }): WaiverAge => {
      const { id, file, image, path, of, owner, approvedBy, until } = words;
      const inRepositories = new Set(repositories);
      const covered = places.filter(
        ({ repository, breaches }) => inRepositories.has(repository) && breaches.some((one) => isWaivedBy(one, id)),
      );
      return {
        ...{ id, file, image, path: path ?? null, of, owner, approvedBy: approvedBy ?? null },
        ...{ seenSince: formatInstant(seenSince), ageMs: now - seenSince, until },
        isExpired: until < formatInstant(now).slice(0, 10),
        ...{ repositories, covers, places: covered.map(({ row }) => row) },
      };
    }),
    ...{ places, unlisted },
  };
}

function idsOf({ present, before, atEnds }: ChosenSpans<ComplianceSpan>): readonly number[] {
  return [...new Set([...present, ...before, ...atEnds.flat()].map(({ id }) => id))];
}

/** Where several waive one breach, all are named. */
function isWaivedBy({ waiver }: JudgedPlace['breaches'][number], id: string): boolean {
  return waiver?.split(', ').includes(id) === true;
}

function addRules(one: Readonly<Record<string, Tally>>, other: Readonly<Record<string, Tally>>) {
  const sum = { ...one };
  for (const [rule, tally] of Object.entries(other)) sum[rule] = addTallies(sum[rule] ?? tallyOf([]), tally);
  return sum;
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function passShare(tally: Tally): number | null {
  return shareOf(tally.pass, sumOf(tally));
}
