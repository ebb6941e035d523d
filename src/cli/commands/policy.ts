import type { Command } from 'commander';
import { renderApprovals } from '../../render/approvals.ts';
import { jsonText } from '../../render/json-text.ts';
import { exitCodes } from '../failure.ts';
import { print, wantsColor } from '../output.ts';
import { displayPath, instantOf, policyFor } from '../run-options.ts';
import { oneOf } from '../shared-options.ts';

type Options = { readonly policy?: string; readonly now?: string; readonly json?: boolean };

export function addPolicyCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program.command('policy').description('work with the policy file');
  command
    .command('validate')
    .description('check a policy file and what it extends; exit 2 when it is not accepted')
    .argument('[file]', 'default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--json', 'as JSON')
    .action(async (file: string | undefined, options: Options) => {
      const { files, policy } = await policyFor(process.cwd(), file, instantOf(options.now));
      const names = files.map(displayPath);
      if (options.json === true) print(jsonText({ files: names, valid: true, waivers: policy.waivers.length }));
      else
        print(
          names.length === 0
            ? 'no policy file here: the default policy is in force'
            : `${names.join(' and ')}: accepted, ${policy.waivers.length} waivers`,
        );
    });
  command
    .command('show')
    .description('print the policy in force, defaults included')
    .argument('[file]', 'default: the nearest basekeeper.yaml at or above the current folder')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--json', 'as JSON')
    .action(async (file: string | undefined, options: Options) => {
      const { files, policy } = await policyFor(process.cwd(), file, instantOf(options.now));
      const { describePolicy } = await import('../../config/describe-policy.ts');
      const shown = describePolicy(policy);
      if (options.json === true) return print(jsonText(shown));
      const { stringify } = await import('yaml');
      const source = files.length === 0 ? 'the default policy' : files.map(displayPath).join(', then ');
      print(`# ${source}\n${stringify(shown, { lineWidth: 120 })}`);
    });
  command
    .command('approvals')
    .description('whether the approvers that waivers name approved of them, by the reviews of the forge')
    .argument('[file]', 'default: the nearest basekeeper.yaml at or above the current folder')
    .option(
      '--fail-on <state>',
      'end with 1 when one is not proven: unproven or never',
      oneOf('--fail-on', ['unproven', 'never']),
      'never',
    )
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--json', 'as JSON')
    .action(async (file: string | undefined, options: Options & { readonly failOn: 'unproven' | 'never' }) => {
      const { runApprovals } = await import('../run-approvals.ts');
      const result = await runApprovals(file, options.now);
      print(options.json === true ? jsonText(result) : renderApprovals(result, { color: wantsColor(undefined) }));
      const isUnproven = result.proven < result.waivers.length;
      setExitCode(options.failOn === 'unproven' && isUnproven ? exitCodes.verdict : exitCodes.clean);
    });
  command
    .command('schema')
    .description('print the JSON Schema of the policy file, for editors')
    .option('--json', 'as JSON (it always is)')
    .action(async () => {
      const { policyJsonSchema } = await import('../../config/policy-schema.ts');
      print(jsonText(policyJsonSchema()));
    });
}
