import type { Reference } from '../image/reference.ts';
import type { Finding } from '../vulnerability/scan.ts';
import { formatInterimMark, type InterimMark } from './interim-mark.ts';
import { type PackageManager, packageManagerOf } from './package-manager.ts';
import { type UpgradedPackage, upgradeCommand } from './upgrade-command.ts';

/** Lines of a Dockerfile that upgrade packages of a base, and what no line can be written for. */
export type Upgrade = {
  /** Marks, then the RUN, between two USER where the base does not run as root. Empty for none. */
  readonly lines: readonly string[];
  readonly marks: readonly InterimMark[];
  /** The RUN alone. */
  readonly run?: string;
  /** `reason`: one clause. */
  readonly left: readonly { readonly finding: Finding; readonly reason: string }[];
};

export type UpgradedBase = {
  /** After aliases. */
  readonly reference: Reference;
  /** As whom it runs; empty for root, absent where it is not known: then nothing is said of it. */
  readonly user: string | undefined;
};

const userForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?$/;
const maxPackages = 100;

/** What upgrades the packages of findings that have a fix. Each finding is in a mark, or in `left`. */
export function planUpgrade(findings: readonly Finding[], { reference, user = '' }: UpgradedBase): Upgrade {
  const left: { readonly finding: Finding; readonly reason: string }[] = [];
  const taken: { readonly finding: Finding; readonly manager: PackageManager; readonly version: string }[] = [];
  for (const finding of findings) {
    const found = packageManagerOf(finding.purls?.[0], reference);
    const version = finding.fixedVersion;
    const refusal = refusalOf(finding, found.kind === 'known' ? found.manager : undefined, taken.length);
    if (found.kind === 'none') left.push({ finding, reason: found.reason });
    else if (taken[0] !== undefined && taken[0].manager !== found.manager)
      left.push({ finding, reason: `its scan tells another kind of package than that of ${taken[0].finding.id}` });
    else if (refusal !== undefined || version === undefined)
      left.push({ finding, reason: refusal ?? 'there is no fix' });
    else taken.push({ finding, manager: found.manager, version });
  }
  const isRoot = /^(|root|0)(:|$)/.test(user);
  const [first] = taken;
  if (first === undefined) return { lines: [], marks: [], left };
  if (!isRoot && !userForm.test(user)) {
    const reason = 'the base runs as somebody whose name cannot be written';
    return { lines: [], marks: [], left: [...left, ...taken.map(({ finding }) => ({ finding, reason }))] };
  }
  const marks = marksOf(taken);
  const command = upgradeCommand(first.manager, packagesOf(taken));
  const comments = marks.map(formatInterimMark).filter((line) => line !== undefined);
  // Both were tried finding by finding.
  if (command.kind === 'refused') return { lines: [], marks: [], left };
  const run = `RUN ${command.text}`;
  const lines = isRoot ? [...comments, run] : ['USER root', ...comments, run, `USER ${user}`];
  return { lines, marks, run, left };
}

function refusalOf(finding: Finding, manager: PackageManager | undefined, taken: number): string | undefined {
  if (manager === undefined || finding.fixedVersion === undefined) return undefined;
  const { id, sourcePackage, fixedVersion } = finding;
  if (taken >= maxPackages) return `more than ${maxPackages} are no interim upgrade any more: choose another base`;
  if (formatInterimMark({ ids: [id], sourcePackage, fixedVersion }) === undefined)
    return 'its scan names it in a form that no mark can have';
  if (finding.packages.length === 0) return 'its scan names no package';
  const tried = upgradeCommand(
    manager,
    finding.packages.map((name) => ({ name })),
  );
  return tried.kind === 'refused'
    ? `${JSON.stringify(tried.name.slice(0, 80))} is no name that a package has`
    : undefined;
}

type Taken = { readonly finding: Finding; readonly version: string };

/** One for each package and version, in the order of the findings. */
function marksOf(taken: readonly Taken[]): readonly InterimMark[] {
  const groups = Map.groupBy(taken, ({ finding, version }) => JSON.stringify([finding.sourcePackage, version]));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const ids = [...new Set(same.map(({ finding }) => finding.id))].sort();
    // One mark has an end: more than that have several.
    const parts = Array.from({ length: Math.ceil(ids.length / maxIds) }, (_, at) =>
      ids.slice(at * maxIds, (at + 1) * maxIds),
    );
    return parts.map((own) => ({ ids: own, sourcePackage: first.finding.sourcePackage, fixedVersion: first.version }));
  });
}

const maxIds = 10;

/** Each once; of two versions that it takes, the newest there is has both. */
function packagesOf(taken: readonly Taken[]): readonly UpgradedPackage[] {
  const versions = new Map<string, Set<string>>();
  for (const { finding, version } of taken)
    for (const name of finding.packages) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  return [...versions]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, own]) => {
      const [atLeast] = own;
      return own.size === 1 && atLeast !== undefined ? { name, atLeast } : { name };
    });
}
