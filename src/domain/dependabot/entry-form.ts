import type { DependabotEntry, DependabotFile, Line } from './dependabot-file.ts';
import type { DependabotFinding } from './dependabot-finding.ts';

/** Keys of an entry, of whatever ecosystem. @see docs.github.com, "Dependabot options reference" */
const entryKeys: ReadonlySet<string> = new Set([
  ...['package-ecosystem', 'directory', 'directories', 'schedule', 'allow', 'ignore', 'groups', 'cooldown', 'labels'],
  ...['assignees', 'milestone', 'commit-message', 'open-pull-requests-limit', 'pull-request-branch-name'],
  ...['rebase-strategy', 'target-branch', 'exclude-paths', 'registries', 'multi-ecosystem-group', 'patterns'],
  ...['vendor', 'versioning-strategy', 'insecure-external-code-execution'],
]);
const fileKeys: ReadonlySet<string> = new Set([
  ...['version', 'updates', 'registries', 'multi-ecosystem-groups', 'enable-beta-ecosystems'],
]);
const intervals: ReadonlySet<string> = new Set([
  ...['daily', 'weekly', 'monthly', 'quarterly', 'semiannually', 'yearly', 'cron'],
]);
/** Keys that GitHub took once, and what stands in their place. */
const goneKeys: ReadonlyMap<string, string> = new Map([['reviewers', 'a CODEOWNERS file names reviewers now']]);

/** Entries whose images Basekeeper reads, too. */
export function isForImages({ ecosystem }: DependabotEntry): boolean {
  return ecosystem === 'docker' || ecosystem === 'docker-compose';
}

/** What GitHub would refuse or overlook in a file, whatever stands in the tree. @param level of a missing version. */
export function formFindings(file: DependabotFile, level: DependabotFinding['level']): readonly DependabotFinding[] {
  return [
    ...versionFindings(file, level),
    ...file.keys.filter(({ text }) => !fileKeys.has(text)).map((key) => invalid(key, 'is no key of dependabot.yml')),
    ...file.entries.flatMap(entryFindings),
    ...duplicateFindings(file.entries),
  ];
}

function versionFindings({ version }: DependabotFile, level: DependabotFinding['level']): readonly DependabotFinding[] {
  if (version?.text === '2') return [];
  if (version !== undefined) return [invalid(version, 'is no version of the format: write version: 2', 'version ')];
  const reason = 'version: 2 is missing at the top: GitHub asks for it';
  return [{ kind: 'invalid', level, reason, change: { kind: 'set-version' } }];
}

function entryFindings(entry: DependabotEntry): readonly DependabotFinding[] {
  const { directory, directories, interval, line } = entry;
  const findings: DependabotFinding[] = [];
  const wrong = (reason: string, at = line) => findings.push({ kind: 'invalid', level: 'warn', reason, line: at });
  if (entry.keys.length === 0) {
    wrong('an entry is empty, or no mapping');
    return findings;
  }
  if (entry.ecosystem === undefined) wrong('the entry has no package-ecosystem');
  for (const key of entry.keys) findings.push(...keyFindings(key, entry));
  if (directory !== undefined && directories !== undefined)
    wrong('the entry has both directory and directories: keep one');
  if (directory === undefined && (directories ?? []).length === 0) wrong('the entry names no directory');
  if (directory?.text.includes('*') === true)
    wrong(`directory takes no pattern: write directories for ${quoted(directory.text)}`, directory.line);
  if (interval === undefined && !entry.isGrouped) wrong('the entry has no schedule');
  if (interval !== undefined && !intervals.has(interval.text))
    wrong(`${quoted(interval.text)} is no interval: write ${[...intervals].join(', ')}`, interval.line);
  if (interval?.text === 'cron' && !entry.hasCronjob) wrong('the interval cron needs a cronjob', interval.line);
  return findings;
}

function keyFindings(key: Line, entry: DependabotEntry): readonly DependabotFinding[] {
  const gone = goneKeys.get(key.text);
  if (gone === undefined) return entryKeys.has(key.text) ? [] : [invalid(key, 'is no key of an entry')];
  // What other ecosystems keep for their own sake is not ours to tell.
  if (!isForImages(entry)) return [];
  const change = { kind: 'remove-key', entry: entry.index, key: key.text } as const;
  return [{ ...invalid(key, `is not taken by GitHub any more: ${gone}`), change }];
}

/** GitHub refuses a file with two entries for the same. */
function duplicateFindings(entries: readonly DependabotEntry[]): readonly DependabotFinding[] {
  const seen = new Map<string, number>();
  return entries.flatMap((entry) =>
    [...(entry.directory === undefined ? [] : [entry.directory]), ...(entry.directories ?? [])].flatMap(
      ({ text, line }): readonly DependabotFinding[] => {
        const key = JSON.stringify([entry.ecosystem, text, entry.targetBranch]);
        const first = seen.get(key);
        if (first === undefined) seen.set(key, line);
        const reason = `${entry.ecosystem ?? 'an entry'} has ${quoted(text)} twice: it stands in line ${first}, too`;
        return first === undefined ? [] : [{ kind: 'invalid', level: 'warn', reason, line }];
      },
    ),
  );
}

function invalid({ text, line }: Line, what: string, before = ''): DependabotFinding {
  return { kind: 'invalid', level: 'warn', reason: `${before}${quoted(text)} ${what}`, line };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
