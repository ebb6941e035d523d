import type { Command } from 'commander';
import { jsonText } from '../../render/json-text.ts';
import { renderReview } from '../../render/review.ts';
import { exitCodes } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { type ReviewOptions, runReview } from '../run-review.ts';

type Options = ReviewOptions & { readonly json?: boolean; readonly color?: boolean };

export function addReviewCommand(program: Command, setExitCode: (code: number) => void): void {
  program
    .command('review')
    .description(
      'judge a pull request of Dependabot or Renovate: it may change references of images, to what is on policy',
    )
    .argument('<url>', 'of the pull request')
    .option('-p, --policy <file>', 'policy file; default: the nearest basekeeper.yaml at or above the current folder')
    .option('--write', 'leave a comment and a status on it')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--json', 'as JSON')
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (url: string, options: Options) => {
      const result = await runReview(url, options);
      if (options.json === true) print(jsonText(result));
      else print(renderReview(result, { color: wantsColor(options.color), width: outputWidth() }));
      setExitCode(result.objections.length > 0 ? exitCodes.verdict : exitCodes.clean);
    });
}
