import { type Command, InvalidArgumentError } from 'commander';

/** Options of every command that reads a tree. */
export function addRunOptions(command: Command): Command {
  return command
    .option(
      '-p, --policy <file>',
      'policy file; default: the nearest basekeeper.yaml at or above the argument, else the default policy',
    )
    .option('--platform <os/arch>', 'target platform', undefined)
    .option('--build-arg <name=value>', 'answer a build argument; repeatable', repeated)
    .option('--now <instant>', 'the day to judge by; default: today');
}

/** Collects a repeatable option. */
export function repeated(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** An option with a fixed set of values. */
export function oneOf(name: string, values: readonly string[]): (value: string) => string {
  return (value) => {
    if (!values.includes(value)) throw new InvalidArgumentError(`${name} takes ${values.join(' or ')}`);
    return value;
  };
}
