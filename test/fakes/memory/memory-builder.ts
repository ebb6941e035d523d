import { mkdirSync, readFileSync } from 'node:fs';
import { hash } from '../../../src/domain/source/hash.ts';
import {
  type Builder,
  BuilderError,
  type BuildRequest,
  type BuiltImage,
  type CommandRun,
} from '../../../src/ports/builder.ts';

/**
 * A builder in memory. What comes out depends on the text of the Dockerfile and on the arguments alone; `FROM broken` does not build.
 * A command's exit code is what `exits` says for it and the Dockerfile's text, 0 otherwise.
 */
export class MemoryBuilder implements Builder {
  readonly requests: BuildRequest[] = [];
  readonly removed: string[] = [];
  readonly commands: string[] = [];
  refusal: BuilderError | undefined;
  sizeOf: (dockerfile: string) => number = () => 1000;
  exits: (command: string, dockerfile: string, time: number) => number | undefined = () => 0;
  readonly #texts = new Map<string, string>();

  async describe(): Promise<string> {
    if (this.refusal !== undefined) throw this.refusal;
    return 'memory 1.0';
  }

  async build(request: BuildRequest): Promise<BuiltImage> {
    if (this.refusal !== undefined) throw this.refusal;
    this.requests.push(request);
    const text = readFileSync(request.dockerfile, 'utf8');
    if (text.includes('FROM broken'))
      throw new BuilderError('failed', `cannot build ${request.dockerfile}: step 2 ended with 1`, 'npm ERR!');
    mkdirSync(request.layout, { recursive: true });
    const id = digestOf(text, request.args);
    this.#texts.set(id, text);
    return { id, layout: request.layout, digest: id, sizeBytes: this.sizeOf(text), platform: 'linux/amd64', log: 'ok' };
  }

  async run({ id }: BuiltImage, command: string): Promise<CommandRun> {
    this.commands.push(command);
    const time = this.commands.filter((one) => one === command).length;
    const exitCode = this.exits(command, this.#texts.get(id) ?? '', time);
    return { output: 'tested', tookMs: 5, ...(exitCode === undefined ? {} : { exitCode }) };
  }

  async remove({ id }: BuiltImage): Promise<void> {
    this.removed.push(id);
  }
}

/** What is built of a Dockerfile. */
export function digestOf(dockerfile: string, args: Readonly<Record<string, string>> = {}): string {
  return `sha256:${hash(`${dockerfile}${JSON.stringify(args)}`).repeat(4)}`;
}
