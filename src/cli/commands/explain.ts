import type { Command } from 'commander';
import type { ListedTag } from '../../domain/candidates/candidate.ts';
import { parseReference, type Reference } from '../../domain/image/reference.ts';
import { allRules } from '../../domain/policy/rules/all-rules.ts';
import { type ExplainRequest, explain, explainWithTags } from '../../flows/explain.ts';
import type { Explanation, ExplanationWithTags, OnlineExplanation } from '../../flows/explanation.ts';
import { isUnverified } from '../../flows/online/unverified.ts';
import { renderExplanation } from '../../render/explanation.ts';
import { jsonText } from '../../render/json-text.ts';
import { catalog } from '../../wiring/catalog.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { openRegistries } from '../open-registries.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { readTagList } from '../read-tag-list.ts';
import { clockFrom, instantOf, policyFor } from '../run-options.ts';

type Options = {
  readonly json?: boolean;
  readonly policy?: string;
  readonly now?: string;
  readonly tagsFrom?: string;
  readonly online?: boolean;
  readonly color?: boolean;
};

export function addExplainCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('explain')
    .description('say of one reference: its category, what is wrong with it, its life cycle, and what to use instead')
    .argument('<reference>', 'an image reference as in FROM')
    .option('--json', 'as JSON')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option(
      '--tags-from <file>',
      'also say which of these tags may follow: one a line, optionally a tab and its push date; needs no network',
    )
    .option(
      '--online',
      'also ask its registry: whether it exists, for which platforms, who publishes it, which of its tags may follow',
    )
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (text: string, options: Options) => {
      const now = instantOf(options.now);
      const parsed = text === 'scratch' ? 'scratch' : parseReference(text);
      if (parsed !== 'scratch' && parsed.kind === 'invalid')
        throw new UsageError(`${JSON.stringify(text)} is no image reference: ${parsed.reason}`);
      if (parsed === 'scratch' && options.tagsFrom !== undefined)
        throw new UsageError('scratch has no tags: leave out --tags-from');
      if (options.online === true && options.tagsFrom !== undefined)
        throw new UsageError('--online asks the registry for its tags: leave out --tags-from');
      const tags = options.tagsFrom === undefined ? undefined : readTagList(options.tagsFrom);
      const { policy } = await policyFor(process.cwd(), options.policy, now);
      const image = parsed === 'scratch' ? parsed : parsed.reference;
      const request = { policy, rules: allRules, catalog: catalog(), today: now.slice(0, 10) };
      const explanation = await explainAs(options, image, request, tags);
      if (isUnverified(explanation.rules)) setExitCode(exitCodes.world);
      print(
        options.json === true
          ? jsonText(explanation)
          : renderExplanation(explanation, { color: wantsColor(options.color), width: outputWidth() }),
      );
    });
}

async function explainAs(
  { online, now }: Options,
  image: Reference | 'scratch',
  request: ExplainRequest,
  tags: readonly ListedTag[] | undefined,
): Promise<Explanation | ExplanationWithTags | OnlineExplanation> {
  if (image === 'scratch') return explain(image, request);
  if (tags !== undefined) return explainWithTags(image, tags, request);
  return online === true ? askAndExplain(image, request, now) : explain(image, request);
}

async function askAndExplain(
  image: Reference,
  request: ExplainRequest,
  now: string | undefined,
): Promise<OnlineExplanation> {
  const registries = openRegistries(clockFrom(now));
  try {
    const { explainOnline } = await import('../../flows/online/explain-online.ts');
    return await explainOnline(await registries.of(request.policy), image, request);
  } finally {
    await registries.close();
  }
}
