import type { Command } from 'commander';
import { parseReference } from '../../domain/image/reference.ts';
import { allRules } from '../../domain/policy/rules/all-rules.ts';
import { explain } from '../../flows/explain.ts';
import { renderExplanation } from '../../render/explanation.ts';
import { jsonText } from '../../render/json-text.ts';
import { catalog } from '../../wiring.ts';
import { UsageError } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { instantOf, policyFor } from '../run-options.ts';

type Options = { readonly json?: boolean; readonly policy?: string; readonly now?: string; readonly color?: boolean };

export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description('say of one reference: its category, what is wrong with it, its life cycle, and what to use instead')
    .argument('<reference>', 'an image reference as in FROM')
    .option('--json', 'as JSON')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (text: string, options: Options) => {
      const now = instantOf(options.now);
      const parsed = text === 'scratch' ? 'scratch' : parseReference(text);
      if (parsed !== 'scratch' && parsed.kind === 'invalid')
        throw new UsageError(`${JSON.stringify(text)} is no image reference: ${parsed.reason}`);
      const { policy } = await policyFor(process.cwd(), options.policy, now);
      const image = parsed === 'scratch' ? parsed : parsed.reference;
      const explanation = explain(image, { policy, rules: allRules, catalog: catalog(), today: now.slice(0, 10) });
      print(
        options.json === true
          ? jsonText(explanation)
          : renderExplanation(explanation, { color: wantsColor(options.color), width: outputWidth() }),
      );
    });
}
