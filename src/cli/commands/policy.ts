import type { Command } from 'commander';
import { jsonText } from '../../render/json-text.ts';
import { print } from '../output.ts';
import { displayPath, instantOf, policyFor } from '../run-options.ts';

type Options = { readonly policy?: string; readonly now?: string; readonly json?: boolean };

export function addPolicyCommand(program: Command): void {
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
    .command('schema')
    .description('print the JSON Schema of the policy file, for editors')
    .option('--json', 'as JSON (it always is)')
    .action(async () => {
      const { policyJsonSchema } = await import('../../config/policy-schema.ts');
      print(jsonText(policyJsonSchema()));
    });
}
