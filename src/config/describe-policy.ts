import { categories } from '../domain/policy/category.ts';
import type { Matcher, Policy } from '../domain/policy/policy.ts';
import type { RegistrySettings } from '../domain/policy/registry-settings.ts';
import { describeDeadlines } from './build-deadlines.ts';
import { describeScanner } from './build-scanner.ts';
import { describeUpdate } from './build-update.ts';
import { describeVerify } from './build-verify.ts';
import { describeWaiver } from './build-waivers.ts';

/** A policy in the words of the policy file, so that what is printed can be read back. */
export function describePolicy(policy: Policy): Record<string, unknown> {
  const { sources } = policy;
  const texts = (patterns: readonly { readonly text: string }[]) => patterns.map(({ text }) => text);
  return {
    version: 1,
    sources: {
      official: texts(sources.official),
      publishers: sources.publishers,
      vendors: texts(sources.vendors),
      internal: texts(sources.internal),
    },
    aliases: Object.fromEntries(policy.aliases.map(({ from, to }) => [from, to])),
    ...(policy.registries.size === 0
      ? {}
      : { registries: Object.fromEntries([...policy.registries].map(([host, one]) => [host, registryText(one)])) }),
    categories: Object.fromEntries(
      categories.map((category) => [
        category,
        { why: policy.categories[category].why, images: policy.categories[category].matchers.map(matcherText) },
      ]),
    ),
    rules: { ...policy.rules, ...(policy.dependabot === undefined ? {} : { dependabot: policy.dependabot }) },
    judge: policy.judge,
    buildArgs: Object.fromEntries(policy.buildArgs.map(({ glob, values }) => [glob, values])),
    ignore: policy.ignore,
    maxWaiverDays: policy.maxWaiverDays,
    waiverDays: policy.waiverDays,
    approvalProof: policy.approvalProof,
    update: describeUpdate(policy.update),
    verify: describeVerify(policy.verify),
    vex: policy.vex,
    ...(policy.vexAuthor === undefined ? {} : { vexAuthor: policy.vexAuthor }),
    scanner: describeScanner(policy.scanner),
    deadlines: describeDeadlines(policy.deadlines),
    waivers: policy.waivers.map(describeWaiver),
  };
}

function registryText({ isPrivate, isInsecure, ...settings }: RegistrySettings): unknown {
  return { ...settings, ...(isPrivate ? { private: true } : {}), ...(isInsecure ? { insecure: true } : {}) };
}

function matcherText(matcher: Matcher): unknown {
  switch (matcher.kind) {
    case 'pattern':
      return matcher.pattern.text;
    case 'lts':
      return { image: matcher.pattern.text, require: 'lts' };
    case 'official':
      return 'official';
  }
}
