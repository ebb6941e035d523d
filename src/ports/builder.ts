import type { Digest } from '../domain/image/manifest.ts';

/**
 * Builds images of this machine's files and runs commands in them, without a daemon where it can. Runs what a repository says: in a
 * scrubbed environment, without tokens, bounded in time and in what it prints.
 *
 * @throws BuilderError from every call.
 */
export interface Builder {
  /** `buildah 1.28.2`. */
  describe(): Promise<string>;
  build(request: BuildRequest): Promise<BuiltImage>;
  /** Runs one command in a container of the image, by `/bin/sh -c`; its network is that of the build. */
  run(image: BuiltImage, command: string, timeoutMs: number): Promise<CommandRun>;
  /** Takes an image out of the builder's storage; its archive stays. */
  remove(image: BuiltImage): Promise<void>;
}

export type BuildRequest = {
  /** Absolute: what COPY copies from. */
  readonly context: string;
  /** Absolute. */
  readonly dockerfile: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** Named contexts, as BuildKit writes them. */
  readonly contexts: Readonly<Record<string, string>>;
  /** By id: an absolute path of a file; the value itself is never an argument. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly platform?: string;
  /** Where the image is written to, as an OCI archive. */
  readonly archive: string;
  readonly timeoutMs: number;
};

export type BuiltImage = {
  /** In the builder's storage. */
  readonly id: string;
  /** OCI archive. */
  readonly archive: string;
  /** Of its manifest in the archive. */
  readonly digest: Digest;
  /** What was printed, its end where it was long. */
  readonly log: string;
};

/** `exitCode`: absent where it was ended because it took too long. */
export type CommandRun = { readonly exitCode?: number; readonly output: string; readonly tookMs: number };

/** `missing`: no such program. `failed`: the build itself failed; `log` says how. `late`: ended. `disk`: no space left. */
export type BuilderErrorCode = 'missing' | 'failed' | 'late' | 'disk';

export class BuilderError extends Error {
  override readonly name = 'BuilderError';
  readonly code: BuilderErrorCode;
  readonly log: string;
  constructor(code: BuilderErrorCode, message: string, log: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.log = log;
  }
}
