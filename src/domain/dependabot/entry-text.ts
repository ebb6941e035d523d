import type { Ecosystem } from './coverage.ts';
import type { DependabotSettings } from './judge-dependabot.ts';

export type NewEntry = { readonly ecosystem: Ecosystem; readonly directories: readonly string[] };

/** Keeps Dependabot from proposing what Basekeeper does. */
export const switchedOffLine = 'open-pull-requests-limit: 0 # Basekeeper proposes updates of these images';

/** The lines of an entry as policy 5.2.3 writes it, the first with its dash. */
export function entryLines(
  { ecosystem, directories }: NewEntry,
  { schedule, labels, addsSwitchedOff = false }: DependabotSettings,
): readonly string[] {
  const [only, ...others] = directories;
  return [
    `- package-ecosystem: "${ecosystem}"`,
    ...(others.length === 0 && only !== undefined
      ? [`  directory: ${quote(only)}`]
      : ['  directories:', ...directories.map((directory) => `    - ${quote(directory)}`)]),
    '  schedule:',
    `    interval: ${quote(schedule)}`,
    ...(labels.length === 0 ? [] : ['  labels:', ...labels.map((label) => `    - ${quote(label)}`)]),
    ...(addsSwitchedOff ? [`  ${switchedOffLine}`] : []),
  ];
}

/** A whole file. */
export function dependabotText(entries: readonly NewEntry[], settings: DependabotSettings): string {
  const lines = entries.flatMap((entry) => entryLines(entry, settings)).map((line) => `  ${line}`);
  return `${['version: 2', 'updates:', ...lines].join('\n')}\n`;
}

/** As YAML reads it back, whatever stands in a name of a folder: JSON is YAML. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
