import type { Command } from 'commander';
import { type VerifyResult, verifyExitCode } from '../../flows/verify/verify-result.ts';
import { jsonText } from '../../render/json-text.ts';
import { renderVerifyMarkdown } from '../../render/verify/markdown.ts';
import { renderVerify } from '../../render/verify/text.ts';
import { exitCodes } from '../failure.ts';
import { outputWidth, print, wantsColor } from '../output.ts';
import { runVerify, type VerifyOptions } from '../run-verify.ts';
import { addRunOptions, oneOf, repeated } from '../shared-options.ts';

type Options = VerifyOptions & {
  readonly format: 'text' | 'markdown' | 'json';
  readonly json?: boolean;
  readonly color?: boolean;
};

export function addVerifyCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('verify')
    .description(
      'build what changed images are used for as it was and as it will be, scan both, run the tests, and decide: pass, fail or hold. ' +
        'Runs what the repository says, on this machine: for changes that you trust alone',
    )
    .argument('[path]', 'a folder of a git repository', '.')
    .option('--from <revision>', 'what is changed; default: the commit before --to, for a plan HEAD')
    .option('--to <revision|plan>', 'the change: a revision, or a file that update --json wrote; default: HEAD')
    .option('--builder <program>', 'buildah or docker', oneOf('--builder', ['buildah', 'docker']), 'buildah')
    .option('--secret <id=file>', 'a file that builds may mount as a secret; repeatable', repeated)
    .option('--build-timeout <minutes>', 'how long one build may take', '60')
    .option('--evidence <folder>', "where reports, inventories and logs go; default: the state folder's verify/")
    .option(
      '-f, --format <format>',
      'what is printed: text, markdown or json',
      oneOf('--format', ['text', 'markdown', 'json']),
      'text',
    )
    .option('--json', 'short for --format json');
  addRunOptions(command)
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .action(async (path: string, options: Options) => {
      const result = await runVerify(path, options);
      print(render(result, options));
      setExitCode({ 0: exitCodes.clean, 1: exitCodes.verdict, 3: exitCodes.world }[verifyExitCode(result)]);
    });
}

function render(result: VerifyResult, options: Options): string {
  switch (options.json === true ? 'json' : options.format) {
    case 'json':
      return jsonText(result);
    case 'markdown':
      return renderVerifyMarkdown(result);
    case 'text':
      return renderVerify(result, { color: wantsColor(options.color), width: outputWidth() });
  }
}
