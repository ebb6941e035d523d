import type { StartedRun } from '../domain/forge/started-run.ts';
import type { RunState } from '../domain/image-monitor/decide-image.ts';
import type { StateChange } from '../domain/image-monitor/state-changes.ts';
import type { Instant } from '../domain/source/instant.ts';
import type { ForgeErrorCode } from './forge.ts';

/**
 * The repository that a monitor reacts in: what it keeps from run to run, its releases and its workflows.
 *
 * @throws PipelineError from every call.
 */
export interface Pipeline {
  /** What is kept under these names; a name under which nothing is kept is left out. Anybody may have written it. */
  readState(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Looks whether state can be written, before anything is done that would be done again at each run without it. */
  prepareState(): Promise<void>;
  /** In this order; where the kind of state allows it all at once. Done again, it changes nothing more. */
  writeState(changes: readonly StateChange[]): Promise<void>;
  /**
   * A commit that changes no file, on top of a branch whatever was pushed to it meanwhile.
   *
   * @returns its id
   */
  pushEmptyCommit(branch: string, message: string): Promise<string>;
  /**
   * Looks whether the workflow is there before anything is done.
   *
   * @returns what starts it
   */
  prepareDispatch(dispatch: Dispatch): Promise<() => Promise<StartedRun>>;
  /** `gone` where there is none, `unreadable` where the forge could not tell now. A refusal is thrown. */
  readRun(id: number): Promise<RunState>;
}

export type Dispatch = {
  /** `release.yml` or the id of a workflow. */
  readonly workflow: string;
  /** A branch or a tag. */
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
};

/** As of a forge. `conflict`: the world changed again and again meanwhile. */
export type PipelineErrorCode = ForgeErrorCode;

export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: PipelineErrorCode;
  readonly retryAt: Instant | undefined;
  constructor(
    code: PipelineErrorCode,
    message: string,
    options?: ErrorOptions & { readonly retryAt?: Instant | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.retryAt = options?.retryAt;
  }
}
