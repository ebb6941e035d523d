import type { Figures } from '../../test/fakes/history/figures.ts';

export type Run = {
  readonly from: string;
  readonly until: string;
  readonly figures: Figures;
  readonly seconds: number;
};

type Page = {
  readonly machine: string;
  readonly weekly: Run;
  readonly weeklyOfFew: Run;
  readonly dailyOfFew: Run;
};

/** What three years would have been like, as `docs/replay.md`. */
export function replayPage({ machine, weekly, weeklyOfFew, dailyOfFew }: Page): string {
  const all = weekly.figures.summary();
  const [slow, fast] = [weeklyOfFew.figures.summary(), dailyOfFew.figures.summary()];
  const failures = [weekly, weeklyOfFew, dailyOfFew].flatMap(({ figures }) => [...figures.failures.values()].flat());
  const { daysBehind } = all;
  return `# Three years of Docker Official Images, replayed
Written by \`npm run -s bench:replay\`. The history of ${all.repositories} repositories, ${weekly.from} to ${weekly.until}, went cycle by
cycle through \`monitor\` with the clock moved along; the ledger was a real one, the registry answered from the history. In use were
tags that were rebuilt at the beginning, the same ones each time: per repository up to five exact versions, three lines, two names
without a version, a prerelease; ${number(all.tags)} distinct tags on average. Each has a user who never updates; exact ones also have one who
writes in each cycle what was recommended in the cycle before.

**${failures.length} broken promises in ${all.cycles + slow.cycles + fast.cycles} cycles.** Each cycle is held against the history by code that shares nothing with what it checks: no
prerelease to a release, no other variant, no move to a line past its end, nothing older and (for exact versions) nothing pushed
before, one candidate per lane, each move of a platform in use told in the next cycle and nothing else, no event twice, each dropped
tag told, one look at each tag.

## What a year brings
| event | in ${all.cycles} weekly cycles | per tag in use and year |
| --- | ---: | ---: |
${all.events.map(({ kind, count, perTagAndYear }) => `| ${kind} | ${count} | ${perTagAndYear.toFixed(2)} |`).join('\n')}

- A tag in use moves ${number(all.moves.perTagAndYear)} times a year. With a pull request for each move that were ${number(all.moves.perImageAndYear)} a year and image (${number(all.tags / all.repositories)} tags
  of it in use); with one for all tags of an image in a week, **${number(all.batchedPerImageAndYear)}**.
- ${all.updates} recommendations were taken. A use is *behind* from the instant the first tag recommended in its place was published until
  another tag is written. Taken a week after it was told: median ${number(daysBehind.median)} days, p90 ${number(daysBehind.p90)}, at most ${number(daysBehind.max)} (of
  ${daysBehind.of} updates whose beginning is known).

## Daily or weekly
The same tags of eight repositories, ${dailyOfFew.from} to ${dailyOfFew.until}:

| | weekly | daily |
| --- | ---: | ---: |
| moves told per tag and year | ${number(slow.moves.perTagAndYear)} | ${number(fast.moves.perTagAndYear)} |
| pull requests per image and year, batched | ${number(slow.batchedPerImageAndYear)} | ${number(fast.batchedPerImageAndYear)} |
| days behind, taken at the next cycle: median / p90 | ${number(slow.daysBehind.median)} / ${number(slow.daysBehind.p90)} | ${number(fast.daysBehind.median)} / ${number(fast.daysBehind.p90)} |

## How it was done
- A digest is the hash of what an image was built from and of its parent's image for the same platform; when a base moves, all that is
  built on it and still rebuilt moves with it, at the instant of the commit. What was dropped stays as it was, and can be pulled.
- Which tags are rebuilt, and which images are retired, is as of each day. Life cycles are those of today's catalog with the clock moved
  along: an end that was put off later is known too early, and a release is taken for one from its official day on.
- Parents outside the history (Windows, UBI) never move. Of images whose Dockerfiles were not at hand only own moves are seen.
- ${number(weekly.seconds)} s for the weekly run, ${number(weeklyOfFew.seconds)} s and ${number(dailyOfFew.seconds)} s for the others; ${machine}.
`;
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
