import type { UpdateSettings } from '../update/update-settings.ts';
import type { Ecosystem } from './coverage.ts';
import { type DependabotEntry, type DependabotFile, directoriesOf } from './dependabot-file.ts';
import type { DependabotFinding } from './dependabot-finding.ts';
import { matchesDirectory } from './directory-glob.ts';
import { formFindings, isForImages } from './entry-form.ts';

/** What a tree holds that Dependabot reads; directories begin with `/`. */
export type DependabotNeeds = {
  /** Directories with an image that it can see and write. */
  readonly wanted: Readonly<Record<Ecosystem, readonly string[]>>;
  /** Directories with a file that it reads, whatever it finds there. */
  readonly present: Readonly<Record<Ecosystem, readonly string[]>>;
};

export type DependabotSettings = Pick<UpdateSettings, 'owner' | 'schedule' | 'labels'> & {
  /** With Basekeeper as the owner: images without an entry get one that is switched off, so that it is there to be switched on. */
  readonly addsSwitchedOff?: boolean;
};

const ecosystems = ['docker', 'docker-compose'] as const satisfies readonly Ecosystem[];

/**
 * Holds `dependabot.yml` against what the tree needs and the policy says. What is off by the policy's word alone is only
 * worth knowing (`info`) as long as the policy does not say who owns updates.
 *
 * @param file absent where there is none.
 * @see docs/decisions/semantics.md "Dependabot"
 */
export function judgeDependabot(
  file: DependabotFile | undefined,
  needs: DependabotNeeds,
  settings: DependabotSettings,
): readonly DependabotFinding[] {
  const { owner, addsSwitchedOff = false } = settings;
  const level = owner === 'dependabot' ? 'warn' : 'info';
  const entries = (file?.entries ?? []).filter(isForImages);
  const form = file === undefined ? [] : formFindings(file, level);
  const missing = ecosystems.flatMap((ecosystem) => missingIn(ecosystem, entries, needs, level));
  if (owner === 'basekeeper')
    return [...form, ...entries.filter(({ isOff }) => !isOff).map(secondOwner), ...(addsSwitchedOff ? missing : [])];
  const live = entries.filter(({ isOff }) => !isOff);
  const superfluous = live.flatMap((entry) => superfluousIn(entry, needs, level));
  const leaving = new Set(superfluous.flatMap(({ change }) => (change?.kind === 'remove-entry' ? [change.entry] : [])));
  return [
    ...form,
    ...(owner === 'dependabot' ? entries.filter(({ isOff }) => isOff).map(switchedOff) : []),
    ...missing,
    ...superfluous,
    ...live.filter(({ index }) => !leaving.has(index)).flatMap((entry) => settingsIn(entry, settings, level)),
  ];
}

function secondOwner(entry: DependabotEntry): DependabotFinding {
  return {
    kind: 'two-owners',
    level: 'warn',
    reason:
      'Basekeeper owns the updates of images (update.owner), and Dependabot proposes them, too: set open-pull-requests-limit: 0',
    line: entry.line,
    change: { kind: 'switch-off', entry: entry.index },
  };
}

function switchedOff(entry: DependabotEntry): DependabotFinding {
  return {
    kind: 'two-owners',
    level: 'warn',
    reason:
      'Dependabot owns the updates of images (update.owner), and this entry is switched off: remove open-pull-requests-limit: 0',
    line: entry.line,
    change: { kind: 'remove-key', entry: entry.index, key: 'open-pull-requests-limit' },
  };
}

/** An entry that is switched off stands for its directories, too: a second one would be refused. */
function missingIn(
  ecosystem: Ecosystem,
  entries: readonly DependabotEntry[],
  { wanted }: DependabotNeeds,
  level: DependabotFinding['level'],
): readonly DependabotFinding[] {
  const named = entries
    .filter((entry) => entry.ecosystem === ecosystem && entry.targetBranch === undefined)
    .flatMap(directoriesOf);
  const directories = wanted[ecosystem].filter(
    (directory) => !named.some(({ text }) => matchesDirectory(text, directory)),
  );
  if (directories.length === 0) return [];
  const shown = directories.slice(0, 5).join(', ');
  const more = directories.length > 5 ? ` and ${directories.length - 5} more` : '';
  const reason = `no ${ecosystem} entry of Dependabot covers the images in ${shown}${more}`;
  return [{ kind: 'missing', level, reason, change: { kind: 'add-directories', ecosystem, directories } }];
}

function superfluousIn(
  entry: DependabotEntry,
  needs: DependabotNeeds,
  level: DependabotFinding['level'],
): readonly DependabotFinding[] {
  const ecosystem = ecosystems.find((one) => one === entry.ecosystem);
  // Another branch holds other files.
  if (ecosystem === undefined || entry.targetBranch !== undefined) return [];
  if (entry.directory !== undefined && entry.directories !== undefined) return [];
  const used = [...needs.wanted[ecosystem], ...needs.present[ecosystem]];
  const all = directoriesOf(entry);
  const useless = all.filter(({ text }) => !used.some((directory) => matchesDirectory(text, directory)));
  const isWhole = useless.length === all.length;
  return useless.map(({ text, line }) => ({
    kind: 'superfluous',
    level,
    reason: `no file in ${text.slice(0, 200)} is for ${ecosystem}: remove it`,
    line,
    change: isWhole
      ? { kind: 'remove-entry', entry: entry.index }
      : { kind: 'remove-directory', entry: entry.index, directory: text },
  }));
}

function settingsIn(
  entry: DependabotEntry,
  { schedule, labels }: DependabotSettings,
  level: DependabotFinding['level'],
): readonly DependabotFinding[] {
  const { index, interval, line } = entry;
  const lacking = labels.filter((label) => !entry.labels.includes(label));
  const findings: DependabotFinding[] = [];
  if (interval !== undefined && interval.text !== schedule) {
    // A cron line stays meant for cron.
    const change = entry.hasCronjob
      ? {}
      : { change: { kind: 'set-interval', entry: index, interval: schedule } as const };
    const reason = `the policy says ${schedule}, the entry ${JSON.stringify(interval.text.slice(0, 80))}`;
    findings.push({ kind: 'settings', level, reason, line: interval.line, ...change });
  }
  if (lacking.length > 0) {
    const reason = `the entry lacks the ${lacking.length === 1 ? 'label' : 'labels'} ${lacking.join(', ')} of the policy`;
    findings.push({
      kind: 'settings',
      level,
      reason,
      line,
      change: { kind: 'add-labels', entry: index, labels: lacking },
    });
  }
  return findings;
}
