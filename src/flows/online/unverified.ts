import type { RegistryFacts } from '../../domain/policy/registry-facts.ts';
import { registryUnanswered } from '../../domain/policy/rules/online/registry-unanswered.ts';
import { scanUnanswered } from '../../domain/policy/rules/scan/scan-unanswered.ts';
import type { FileResult, JudgedUse, RuleResult } from '../check-result.ts';

/** The world failed so that something stayed unverified, and no waiver and no level of the policy says that this may be. */
export function isUnverified(rules: readonly RuleResult[]): boolean {
  return rules.some(({ rule, verdict }) => unansweredRules.has(rule) && verdict !== 'info' && verdict !== 'waived');
}

const unansweredRules: ReadonlySet<string> = new Set([registryUnanswered.id, scanUnanswered.id]);

/** What a run that asked registries still did not learn, one clause each. */
export function unverifiedClauses(files: readonly FileResult[]): readonly string[] {
  const asked = new Map(
    files
      .flatMap(({ uses }) => uses)
      .flatMap((use) => (use.evidence?.registry === undefined ? [] : [[nameOf(use), use.evidence.registry] as const])),
  );
  const where = (isMeant: (facts: RegistryFacts) => string | undefined): readonly Told[] =>
    [...asked].flatMap(([name, facts]) => {
      const reason = isMeant(facts);
      return reason === undefined ? [] : [{ name, reason }];
    });
  return [
    ...clause(
      'what their registry did not answer',
      where((facts) => unansweredIn(facts)),
    ),
    ...clause(
      'size and platforms',
      where(({ content }) => (content?.kind === 'unanswered' ? content.message : undefined)),
    ),
    ...clause(
      'newer versions where the registry hands out no list of tags',
      where(({ newer }) => (newer?.kind === 'unlistable' ? newer.message : undefined)),
    ),
    ...clause(
      'newer versions beyond the tags that were read',
      where(({ newer }) => (newer?.kind === 'listed' && newer.isTruncated ? '' : undefined)),
    ),
    ...clause(
      'publishers, for the mirror that is asked for Docker Hub has no badges',
      where(({ publisher }) => (publisher?.kind === 'not-offered' ? '' : undefined)),
    ),
  ];
}

type Told = { readonly name: string; readonly reason: string };

const maxNamed = 3;

/** `what: a, b, c and 2 more (reason)`; none where nothing is told. */
export function clause(what: string, told: readonly Told[]): readonly string[] {
  const [first] = told;
  if (first === undefined) return [];
  const named = told
    .slice(0, maxNamed)
    .map(({ name }) => name)
    .join(', ');
  const left = told.length > maxNamed ? ` and ${told.length - maxNamed} more` : '';
  return [`${what}: ${named}${left}${first.reason === '' ? '' : ` (${first.reason})`}`];
}

function unansweredIn({ image, tag, newer, publisher }: RegistryFacts): string | undefined {
  const refused = [image, tag, newer, publisher].find((answer) => answer?.kind === 'unanswered');
  return refused?.kind === 'unanswered' ? refused.message : undefined;
}

/** As it is written: mirrors and what they mirror are told apart where a reader looks for them. */
function nameOf({ reference, written }: JudgedUse): string {
  return reference ?? written;
}
