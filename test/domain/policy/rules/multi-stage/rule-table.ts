import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageFacts } from '../../../../../src/domain/catalog/image-facts.ts';
import type { Dockerfile, Stage } from '../../../../../src/domain/dockerfile/dockerfile.ts';
import { parseDockerfile } from '../../../../../src/domain/dockerfile/parse-dockerfile.ts';
import type { Reference } from '../../../../../src/domain/image/reference.ts';
import type { Rule, RuleFinding, RuleSubject } from '../../../../../src/domain/policy/rule.ts';

/** Findings of one rule over every image use of a file. */
export function findIn(rule: Rule, text: string): readonly RuleFinding[] {
  const dockerfile = parseDockerfile(text, { buildArgs: {} });
  return dockerfile.uses.flatMap((use): readonly RuleFinding[] => {
    const reference = use.image.kind === 'reference' ? use.image.reference : undefined;
    const subject: RuleSubject = {
      use,
      category: undefined,
      dockerfile,
      shipped: use.role === 'final' ? findShipped(dockerfile, use.line) : [],
      publishers: 'dockerhub',
      today: '2026-11-23',
      ...(reference === undefined ? {} : { reference, facts: describe(reference) }),
    };
    return rule.find(subject);
  });
}

/** Every file breaks the rule; `«` stands in front of each line that a finding must point to (none: the FROM line). */
export function flags(rule: Rule, rows: readonly (readonly [text: string, ...mentions: string[]])[]): void {
  for (const [marked, ...mentions] of rows) {
    test(`${rule.id} flags ${title(marked)}`, () => {
      const lines = marked.split('\n');
      const expected = lines.flatMap((line, index) => (line.startsWith('«') ? [index + 1] : []));
      const findings = findIn(rule, marked.replaceAll('«', ''));
      assert.ok(findings.length > 0, 'no finding');
      const found = findings.flatMap(({ line }) => line ?? []);
      assert.deepEqual([...new Set(found)], expected);
      const said = findings.map(({ reason, fix }) => `${reason}; ${fix}`).join('\n');
      for (const mention of mentions) assert.ok(said.includes(mention), `${said} does not mention ${mention}`);
      assert.ok(findings.every(({ reason, fix }) => !reason.endsWith('.') && fix !== undefined));
    });
  }
}

export function allows(rule: Rule, rows: readonly string[]): void {
  for (const text of rows) test(`${rule.id} allows ${title(text)}`, () => assert.deepEqual(findIn(rule, text), []));
}

function title(text: string): string {
  return text.replaceAll('\n', ' ⏎ ').slice(0, 110);
}

function findShipped({ stages }: Dockerfile, line: number): readonly Stage[] {
  const chain: Stage[] = [];
  for (const stage of stages) {
    const isOnBase = stage.base?.line === line || chain.some(({ index }) => index === stage.from);
    if (stage.role === 'final' && isOnBase) chain.push(stage);
  }
  return chain;
}

/** What the catalog would say, for the few facts that these rules ask for. */
function describe({ registry, repository, tag = '' }: Reference): ImageFacts {
  const name = repository.split('/').at(-1) ?? '';
  const isFull = ['node', 'python'].includes(name) && !/slim|alpine/.test(tag);
  return {
    publisher: registry === 'docker.io' && repository.startsWith('library/') ? 'docker-official' : 'unknown',
    tagState: 'maintained',
    smaller: [],
    isDebug: repository.startsWith('distroless/') && tag.startsWith('debug'),
    isBuilder: isFull || ['golang', 'maven', 'gradle', 'rust', 'sdk'].includes(name),
    keepsData: false,
  };
}
