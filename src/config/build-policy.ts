import { defaultDeadlineSettings } from '../domain/deadline/deadline-settings.ts';
import { type Category, categories } from '../domain/policy/category.ts';
import { defaultPolicyFile } from '../domain/policy/default-policy.ts';
import { defaultWaiverDays } from '../domain/policy/finding-waiver.ts';
import type { ImagePattern } from '../domain/policy/pattern.ts';
import type { CategoryRule, Matcher, Policy, RuleLevels } from '../domain/policy/policy.ts';
import type { Rule } from '../domain/policy/rule.ts';
import { defaultScanSettings } from '../domain/policy/scan-settings.ts';
import { defaultUpdateSettings } from '../domain/update/update-settings.ts';
import { defaultVerify } from '../domain/verify/verify-settings.ts';
import { mergeDeadlines } from './build-deadlines.ts';
import { mergeRegistries } from './build-registries.ts';
import { mergeScanner } from './build-scanner.ts';
import { mergeUpdate } from './build-update.ts';
import { mergeVerify } from './build-verify.ts';
import { buildWaivers, mergeWaiverDays } from './build-waivers.ts';
import { compileAt } from './compile-at.ts';
import type { LevelsFile, PolicyFile } from './policy-schema.ts';
import type { PolicyProblem, ReadPolicyFile } from './read-policy-file.ts';

/** Where problems go, and what today is: a waiver may not reach too far ahead of it. */
export type BuildContext = {
  readonly rules: readonly Rule[];
  readonly today: string;
  readonly problems: PolicyProblem[];
};

type CategoryFile = {
  readonly why: string;
  readonly images: readonly (string | { readonly image: string; readonly require: 'lts' })[];
};

const defaults: ReadPolicyFile = {
  name: '(default policy)',
  content: defaultPolicyFile as unknown as PolicyFile,
  lineOf: () => 0,
};

/** The default policy. */
export function buildDefaultPolicy(rules: readonly Rule[]): Policy {
  const levels = Object.fromEntries(rules.map((rule) => [rule.id, rule.levels]));
  const empty: Policy = {
    sources: { official: [], publishers: 'dockerhub', vendors: [], internal: [] },
    aliases: [],
    registries: new Map(),
    categories: { preferred: none, permitted: none, restricted: none, prohibited: none },
    rules: levels,
    judge: { deployed: false, ci: false },
    buildArgs: [],
    ignore: [],
    waivers: [],
    maxWaiverDays: 365,
    waiverDays: defaultWaiverDays,
    approvalProof: 'asked',
    update: defaultUpdateSettings,
    verify: defaultVerify,
    vex: [],
    scanner: defaultScanSettings,
    deadlines: defaultDeadlineSettings,
  };
  return applyPolicyFile(empty, defaults, { rules, today: '9999-01-01', problems: [] });
}

const none: CategoryRule = { why: '', matchers: [] };

/** `base` with everything a file says put over it. Lists of a file replace those of the base; aliases and waivers are added. */
export function applyPolicyFile(base: Policy, file: ReadPolicyFile, context: BuildContext): Policy {
  const { content } = file;
  const maxDays = content.maxWaiverDays ?? base.maxWaiverDays;
  const waiverDays = mergeWaiverDays(base.waiverDays, content.waiverDays);
  const compile = (
    list: readonly string[] | undefined,
    fallback: readonly ImagePattern[],
    path: readonly PropertyKey[],
  ) =>
    list === undefined
      ? fallback
      : list.flatMap((text, index) => compileAt(text, file, [...path, index], context.problems));
  return {
    sources: {
      official: compile(content.sources?.official, base.sources.official, ['sources', 'official']),
      publishers: content.sources?.publishers ?? base.sources.publishers,
      vendors: compile(content.sources?.vendors, base.sources.vendors, ['sources', 'vendors']),
      internal: compile(content.sources?.internal, base.sources.internal, ['sources', 'internal']),
    },
    aliases: mergeAliases(base, file, context),
    registries: mergeRegistries(base.registries, file, context.problems),
    categories: Object.fromEntries(
      categories.map((category) => [
        category,
        categoryRule(category, content.categories?.[category], base, file, context),
      ]),
    ) as Record<Category, CategoryRule>,
    rules: mergeLevels(base.rules, content.rules ?? {}),
    ...dependabotLevel(content.rules?.dependabot ?? base.dependabot),
    judge: { deployed: content.judge?.deployed ?? base.judge.deployed, ci: content.judge?.ci ?? base.judge.ci },
    buildArgs: [
      ...base.buildArgs,
      ...Object.entries(content.buildArgs ?? {}).map(([glob, values]) => ({ glob, values })),
    ],
    ignore: [...base.ignore, ...(content.ignore ?? [])],
    maxWaiverDays: maxDays,
    waiverDays,
    approvalProof: content.approvalProof ?? base.approvalProof,
    update: mergeUpdate(base.update, content.update),
    verify: mergeVerify(base.verify, content.verify),
    vex: content.vex ?? base.vex,
    ...vexAuthorOf(content.vexAuthor ?? base.vexAuthor),
    scanner: mergeScanner(base.scanner, content.scanner),
    deadlines: mergeDeadlines(base.deadlines, content.deadlines),
    waivers: [...base.waivers, ...buildWaivers(file, { ...context, maxDays, waiverDays })],
  };
}

function vexAuthorOf(vexAuthor: string | undefined): Pick<Policy, 'vexAuthor'> {
  return vexAuthor === undefined ? {} : { vexAuthor };
}

function dependabotLevel(level: Policy['dependabot']): Pick<Policy, 'dependabot'> {
  return level === undefined ? {} : { dependabot: level };
}

function categoryRule(
  category: Category,
  written: CategoryFile | undefined,
  base: Policy,
  file: ReadPolicyFile,
  context: BuildContext,
): CategoryRule {
  if (written === undefined) return base.categories[category];
  const matchers = written.images.flatMap((entry, index): readonly Matcher[] => {
    if (entry === 'official') return [{ kind: 'official' }];
    const text = typeof entry === 'string' ? entry : entry.image;
    const kind = typeof entry === 'string' ? 'pattern' : 'lts';
    return compileAt(text, file, ['categories', category, 'images', index], context.problems).map((pattern) => ({
      kind,
      pattern,
    }));
  });
  return { why: written.why, matchers };
}

/** A bare level sets both sides. */
export function mergeLevels(
  base: Policy['rules'],
  written: Readonly<Record<string, LevelsFile | undefined>>,
): Policy['rules'] {
  const merged: Record<string, RuleLevels> = { ...base };
  for (const [id, levels] of Object.entries(written)) {
    const before = base[id];
    if (levels === undefined || before === undefined) continue;
    merged[id] =
      typeof levels === 'string'
        ? { ships: levels, builds: levels }
        : { ships: levels.ships ?? before.ships, builds: levels.builds ?? before.builds };
  }
  return merged;
}

function mergeAliases(base: Policy, file: ReadPolicyFile, context: BuildContext): Policy['aliases'] {
  const aliases = new Map(base.aliases.map(({ from, to }) => [from, to]));
  for (const [from, to] of Object.entries(file.content.aliases ?? {})) {
    if (to.includes('/') || to.includes('.')) aliases.set(from, to);
    else
      context.problems.push({
        file: file.name,
        line: file.lineOf(['aliases', from]),
        message: `aliases.${from} must name a registry: write docker.io/${to}`,
      });
  }
  return [...aliases].map(([from, to]) => ({ from, to })).sort((a, b) => b.from.length - a.from.length);
}
