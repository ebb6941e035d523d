import type { Failure } from '../../test/fakes/history/candidate-checks.ts';
import type { FixList } from '../../test/fakes/patching/fix-list.ts';
import {
  type PaceFigures,
  type Shares,
  type SupplierFigures,
  windows,
} from '../../test/fakes/patching/patching-figures.ts';
import type { PackageComparison } from './compare-packages.ts';

export type PatchingRun = {
  readonly stepDays: number;
  readonly securityDelayDays: number;
  readonly cycles: number;
  readonly failures: readonly Failure[];
  readonly paces: readonly PaceFigures[];
  readonly supplier: readonly SupplierFigures[];
};

type Page = {
  readonly from: string;
  readonly until: string;
  readonly list: Pick<FixList, 'made'>;
  readonly images: readonly string[];
  readonly runs: readonly PatchingRun[];
  readonly packages: readonly PackageComparison[];
};

/** What a year of patching would have been like, as `docs/patching-replay.md`. */
export function patchingPage({ from, until, list, images, runs, packages }: Page): string {
  const asWritten = runs.filter(({ securityDelayDays }) => securityDelayDays === 0);
  const later = runs.filter(({ securityDelayDays }) => securityDelayDays > 0);
  const [first] = runs;
  const fixes = first?.paces[0]?.fixes ?? 0;
  const episodes = first?.paces[0]?.episodes ?? 0;
  const failures = runs.reduce((sum, one) => sum + one.failures.length, 0);
  const cycles = runs.reduce((sum, one) => sum + one.cycles, 0);
  return `# A year of patching, replayed
Written by \`npm run -s bench:patching\`: the fixes that Debian published from ${from} to ${until} for the packages of
${images.length} official images, through \`monitor --scan\`, the ledger, the deadlines and \`update\` with the clock moved along. Each image is
used by repositories that pin its digest; their teams merge what is proposed and release it at three paces. ${fixes} times a fix met an image,
which made ${episodes} findings.

**${failures} broken promises in ${cycles} cycles.** What the ledger tells is held against the history by code that shares nothing with it: an
episode for each fix that a look could see, detected then; closed once, at the first release that has it; no missed deadline taken
back; every deadline by arithmetic of its own; the supplier's time and ours add up.

${answer(asWritten)}

## Within the window
Of fixes, from the fix on. **Severities are not in this data and are not made up**: every fix is counted against each window of policy
5.2.5 in turn. *from the start* counts from the later of detection and fix; *by the program* waits for a patched base, at most as long as
the severity of the window allows, and is of findings.

${rateTable(asWritten)}

- From the start a weekly look is no worse and may seem better than a daily one, though the release comes later: what is seen late starts late. Hold
  against each other the share from the fix, or our time; for a policy that must not reward looking seldom there is no share from the start alone.
- The weekly look was on Wednesdays, when Debian's images had just been pushed on a Monday or Tuesday. On another day it is later.

## Whose time it was
${supplierTable(asWritten)}

Days from the fix to the first image of the same tag that has it, of each image and fix. Ours, from there to the release:

${ourTable(asWritten)}

## What it means for 48 hours
${meaning(asWritten)}

${laterPart(later)}
## How it was done
- Fixes: the changelogs of the binary packages, fetched on ${list.made}; package, version, date, suite, CVE ids. A vulnerability that is named in
  a changelog is taken for fixed by that upload. What Debian says is not affected, ignored or postponed is in no changelog and not counted.
- When a fix was there: a security upload at the date in the changelog, a point release at noon of the Saturday before the first image with its
  number. The date of a changelog is up to some days before the advisory: [below](#if-security-updates-came-four-days-later) what four days change.
- What an image has: Debian's own is made of a snapshot of the archive at the beginning of the day in its tag (\`bookworm-20260803\`), and holds
  what was published before; other official images have Debian's packages with their base, and what they add from the day they were built.
  A tag moves at the commit to the official list; registries show it some hours later.
${packages.map(({ image, same, others }) => `- Held against the package list of ${image}: ${same} packages with an upload before that day, as the list of fixes has them${others.length === 0 ? '' : `; other: ${others.join(', ')} (it came by stable-updates, which is not read)`}.`).join('\n')}
- Detection begins with the fix: when a vulnerability became known is not in the data. Findings without a fix are none here.
- Images: ${images.join(', ')}; linux/amd64. Those that Debian's images are the base of move with them; of python and node only
  packages of Debian are looked at. Pull requests are not on a forge: a team takes what \`update\` plans, and what is proposed anew while it waits.
- The default policy, which counts what nobody rated as HIGH; the other windows by the same events and the program's own arithmetic.
`;
}

function answer(runs: readonly PatchingRun[]): string {
  const rows = runs.flatMap((run) => {
    const usual = run.paces.find(({ pace }) => pace.startsWith('24 h'));
    return usual === undefined ? [] : [`${cadence(run)} ${shares(usual.fromFix)}`];
  });
  return `With 24 hours to merge and 24 to release, of all fixes were in a release within ${windows.map(({ name }) => name).join(' / ')} of the fix: looked at **${rows.join('**, looked at **')}**.`;
}

function rateTable(runs: readonly PatchingRun[]): string {
  const names = windows.map(({ name }) => name).join(' / ');
  const rows = runs.flatMap((run) =>
    run.paces.map(
      (one) =>
        `| ${cadence(run)} | ${one.pace} | ${shares(one.fromFix)} | ${shares(one.fromStart)} | ${shares(one.counted)} | ${one.unseen} | ${one.open} |`,
    ),
  );
  return `| looked at | team | from the fix: ${names} | from the start | by the program | merged unseen | open at the end |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}`;
}

function supplierTable(runs: readonly PatchingRun[]): string {
  const names = { all: 'all', security: 'security updates', point: 'point releases' };
  const rows = (runs[0]?.supplier ?? []).map(
    ({ suite, of, median, p90, max, open, within48h }) =>
      `| ${names[suite]} | ${of + open} | ${days(median)} | ${days(p90)} | ${days(max)} | ${percent(within48h)} |`,
  );
  return `| fix by | fixes | median | p90 | longest | within 48 h |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}`;
}

function ourTable(runs: readonly PatchingRun[]): string {
  const rows = runs.flatMap((run) =>
    run.paces.map(
      ({ pace, ours: { median, p90, max } }) =>
        `| ${cadence(run)} | ${pace} | ${days(median)} | ${days(p90)} | ${days(max)} |`,
    ),
  );
  return `| looked at | team | median | p90 | longest |
| --- | --- | ---: | ---: | ---: |
${rows.join('\n')}`;
}

function meaning(runs: readonly PatchingRun[]): string {
  const supplier = runs[0]?.supplier.find(({ suite }) => suite === 'security');
  const median = supplier === undefined ? 'some' : days(supplier.median);
  const within = supplier === undefined ? 'few' : percent(supplier.within48h);
  return `Of security updates ${within} were in the official image within 48 hours, and half took longer than ${median} days: who waits for the base alone
cannot keep 48 hours from the fix, however fast the team is. What is in your hands is to upgrade the package in the Dockerfile until the base has it, to take
another line or variant that scans clean (\`basekeeper advise\`), and to look daily and release at once, which is the difference between the rows above.`;
}

function laterPart(runs: readonly PatchingRun[]): string {
  if (runs.length === 0) return '';
  const security = runs[0]?.supplier.find(({ suite }) => suite === 'security');
  const told =
    security === undefined
      ? ''
      : `\n\nThe supplier's time of security updates is then ${days(security.median)} days in the median, ${days(security.p90)} at p90, from the later date on.`;
  return `## If security updates came four days later
The same year, with each security update published four days after the date in its changelog:

${rateTable(runs)}${told}

`;
}

function cadence({ stepDays }: PatchingRun): string {
  return stepDays === 1 ? 'daily' : 'weekly';
}

function shares(of: Shares): string {
  return windows.map(({ name }) => percent(of[name])).join(' / ');
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${Math.round(share * 100)} %`;
}

function days(value: number): string {
  return value.toFixed(1);
}
