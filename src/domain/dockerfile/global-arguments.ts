import { formatPlatform, type Platform, parsePlatform } from '../image/platform.ts';
import type { DockerfileContext } from './dockerfile.ts';
import { type Expansion, expandWord, type Variable, type VariableScope, type WorkBudget } from './expand.ts';
import { type TracedText, untracedText } from './traced-text.ts';

const defaultPlatform: Platform = { os: 'linux', architecture: 'amd64' };
const nothingMissing: Variable['missing'] = new Map();

/**
 * The variables that FROM and its `--platform` see: the predefined platform arguments, then each ARG before the first
 * FROM, in order. A build argument from outside counts for the names that are declared, and for the platform arguments.
 *
 * @see moby/buildkit: frontend/dockerfile/dockerfile2llb/platform.go
 */
export class GlobalArguments implements VariableScope {
  readonly #values = new Map<string, Variable>();
  readonly #declared = new Set<string>();
  readonly #buildArgs: ReadonlyMap<string, string>;
  readonly #escapeCharacter: string;
  readonly #budget: WorkBudget;

  constructor(context: DockerfileContext, escapeCharacter: string, budget: WorkBudget) {
    this.#buildArgs = new Map(Object.entries(context.buildArgs));
    this.#escapeCharacter = escapeCharacter;
    this.#budget = budget;
    const target = parsePlatform(context.targetPlatform ?? '') ?? defaultPlatform;
    const predefined = {
      ...platformArguments('BUILD', defaultPlatform),
      ...platformArguments('TARGET', target),
      TARGETSTAGE: 'default',
    };
    for (const [name, value] of Object.entries(predefined)) {
      this.#declared.add(name);
      this.#values.set(name, { value: untracedText(this.#buildArgs.get(name) ?? value), missing: nothingMissing });
    }
  }

  readonly find = (name: string): Variable | undefined => this.#values.get(name);

  readonly isDeclared = (name: string): boolean => this.#declared.has(name);

  /** Takes over `ARG name` or `ARG name=default`; without default an earlier value stays. */
  declare(name: string, defaultWord: TracedText | undefined): Expansion | undefined {
    const given = this.#buildArgs.get(name);
    this.#declared.add(name);
    if (given !== undefined) {
      this.#values.set(name, { value: untracedText(given), missing: nothingMissing });
      return undefined;
    }
    if (defaultWord === undefined) return undefined;
    const expansion = this.expand(defaultWord);
    if (expansion.kind === 'expanded') this.#values.set(name, { value: expansion.value, missing: expansion.missing });
    return expansion;
  }

  expand(word: TracedText): Expansion {
    return expandWord(word, this, this.#escapeCharacter, this.#budget);
  }
}

function platformArguments(prefix: 'BUILD' | 'TARGET', platform: Platform): Readonly<Record<string, string>> {
  return {
    [`${prefix}PLATFORM`]: formatPlatform(platform),
    [`${prefix}OS`]: platform.os,
    [`${prefix}OSVERSION`]: '',
    [`${prefix}ARCH`]: platform.architecture,
    [`${prefix}VARIANT`]: platform.variant ?? '',
  };
}
