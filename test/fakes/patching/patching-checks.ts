import type { Episode, EpisodeEvent } from '../../../src/domain/deadline/episode.ts';
import type { EpisodeLog } from '../../../src/ports/episode-log.ts';
import type { Failure } from '../history/candidate-checks.ts';
import type { Exposure } from './exposures.ts';
import type { PatchingCycle, PatchingReplay } from './replay-patching.ts';

const dayMs = 86_400_000;
/** Of HIGH, as which the default policy counts what nobody rated: the window, and the longest wait for a base. */
const [windowMs, longestWaitMs] = [7 * dayMs, 7 * dayMs];

/** Holds what the ledger tells against what happened, by arithmetic of its own. */
export class PatchingChecks {
  readonly #log: EpisodeLog;
  readonly #late = new Map<string, number>();
  readonly failures: Failure[] = [];

  constructor(log: EpisodeLog) {
    this.#log = log;
  }

  /** After each look: what was late stays late, by the same deadline. */
  async afterCycle({ at, repositories }: PatchingCycle): Promise<void> {
    for (const { name } of repositories) {
      const present = new Map<string, number>();
      for (const episode of await this.#log.ofRepository(name))
        for (const { what } of episode.events) if (what.kind === 'breached') present.set(keyOf(episode), what.dueAt);
      for (const [key, dueAt] of present) {
        if (dueAt >= at) this.#fail('nothing is late before its deadline', key);
        const known = this.#late.get(`${name} ${key}`);
        if (known !== undefined && known !== dueAt) this.#fail('a deadline that was missed stays the same', key);
        this.#late.set(`${name} ${key}`, dueAt);
      }
      for (const key of this.#late.keys())
        if (key.startsWith(`${name} `) && !present.has(key.slice(name.length + 1)))
          this.#fail('what was late stays late', key);
    }
  }

  /** At the end: every fix that was to be seen has an episode, with the dates of the history, and no other has one. */
  async atEnd({ cycles, stepMs, from }: PatchingReplay, exposures: readonly Exposure[]): Promise<void> {
    const lastLook = cycles.at(-1) ?? from;
    const byRepository = Map.groupBy(exposures, ({ repository }) => repository.name);
    for (const [name, own] of byRepository) {
      const episodes = new Map((await this.#log.ofRepository(name)).map((one) => [keyOf(one), one]));
      const expected = own.flatMap((exposure) =>
        exposure.fix.cves.map((id) => [keyWith(exposure, id), exposure] as const),
      );
      for (const [key, exposure] of expected) {
        const episode = episodes.get(key);
        episodes.delete(key);
        if ((episode === undefined) !== (exposure.seenAt === undefined))
          this.#fail('an episode for each fix that was seen missing, and for no other', `${name} ${key}`);
        if (episode !== undefined) this.#compare(episode, exposure, { lastLook, stepMs });
      }
      for (const [key, { events }] of episodes) {
        const fixedAt = timeOf(events, 'fix-available');
        if (fixedAt === undefined || fixedAt > from) this.#fail('an episode of a fix that there was', `${name} ${key}`);
      }
    }
  }

  #compare(
    episode: Episode,
    { fix, seenAt, suppliedAt, mendedAt }: Exposure,
    { lastLook, stepMs }: { readonly lastLook: number; readonly stepMs: number },
  ): void {
    const { events, number } = episode;
    const key = `${episode.subject.repository} ${keyOf(episode)}`;
    const [detected, fixed, base] = (['detected', 'fix-available', 'base-available'] as const).map((kind) =>
      timeOf(events, kind),
    );
    if (detected !== seenAt) this.#fail('detected at the first look that showed it', key);
    if (fixed !== fix.publishedAt) this.#fail('the fix has the date of its publication', key);
    const ends = events.filter(({ what }) => what.kind === 'closed');
    const isOver = mendedAt !== undefined && mendedAt <= lastLook;
    if (ends.length !== (isOver ? 1 : 0) || number !== 1) this.#fail('closed once, when it was released', key);
    const [end] = ends;
    if (end?.what.kind !== 'closed' || detected === undefined || fixed === undefined || base === undefined) return;
    if (end.at !== mendedAt) this.#fail('closed at the first release that has the fix', key);
    // The base is known from the first look on that could see it.
    const isLate = suppliedAt === undefined || base < Math.min(suppliedAt, end.at) || base >= suppliedAt + stepMs;
    if (isLate && base !== detected) this.#fail('a patched base is told at the next look', key);
    if (Math.max(0, base - fixed) + (end.at - Math.max(base, fixed)) !== end.at - fixed)
      this.#fail("supplier's time and ours add up", key);
    const start = Math.max(detected, fixed);
    const dueAt = start + windowMs + Math.min(longestWaitMs, Math.max(0, base - start));
    const { frozen } = end.what;
    if (frozen.isInTime !== end.at <= dueAt) this.#fail('in time by our own arithmetic', key);
    if (frozen.dueAt !== dueAt) this.#fail('due when our own arithmetic says', `${key}: ${frozen.dueAt} for ${dueAt}`);
  }

  #fail(property: string, example: string): void {
    this.failures.push({ property, example });
  }
}

function timeOf(events: readonly EpisodeEvent[], kind: EpisodeEvent['what']['kind']): number | undefined {
  const all = events.filter(({ what }) => what.kind === kind).map(({ at }) => at);
  return all.length === 0 ? undefined : Math.min(...all);
}

function keyOf({ subject }: Episode): string {
  return `${subject.id} ${subject.sourcePackage}`;
}

function keyWith({ fix }: Exposure, id: string): string {
  return `${id} ${fix.source}`;
}
