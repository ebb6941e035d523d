import type { StartCommand } from './start-command.ts';

/** How one ecosystem divides a file; the frame around it is the same for all. */
export type Split = {
  readonly buildImage: string;
  readonly buildLines: readonly string[];
  readonly runtimeImage: string;
  /** Alpine packages for the final stage; empty where its image is not Alpine. */
  readonly runtimePackages: readonly string[];
  /** Comments, ENV and COPY --from=build lines. */
  readonly runtimeLines: readonly string[];
  /** One that the runtime image can run as without any preparation. */
  readonly user: string;
  readonly start: StartCommand;
  readonly notes: readonly string[];
};

/** A number needs no entry in /etc/passwd; distroless calls this one nonroot. */
export const nonrootUser = '65532:65532';
