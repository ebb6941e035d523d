import type { ProposalRow } from '../update/proposal-result.ts';

/** What `monitor --scan --act` did at once for CRITICAL findings: field for field its JSON. */
export type ActResult = {
  /** In which there was something to do. */
  readonly repositories: readonly ActedRepository[];
  /** Why no update could be proven to mend a finding, in sentences. */
  readonly unproven: readonly string[];
};

export type ActedRepository = {
  /** Its address, or the absolute path of its folder. */
  readonly repository: string;
  /** Images that a patched base is there for, and nothing proposed: `docker.io/library/node`. */
  readonly images: readonly string[];
  readonly proposals: readonly ProposalRow[];
  readonly rebuild?: AskedRebuild;
  /** What is not done there, and why: one clause each. */
  readonly left: readonly string[];
  /** What was refused: asked for again by the next cycle. */
  readonly failures: readonly string[];
};

/**
 * `asked`: started now. `found`: an earlier run had started it. `planned`: it would be. `pending`: whether it was started is not known
 * yet. `unnamed`: the policy names nothing that could be started.
 */
export type AskedRebuild = {
  readonly outcome: 'asked' | 'found' | 'planned' | 'pending' | 'refused' | 'unnamed';
  readonly digests: readonly string[];
  /** Of the run. */
  readonly url?: string;
  readonly reason?: string;
};

/** Whether the world kept something from being done. */
export function isRefused({ repositories, unproven }: ActResult): boolean {
  return (
    unproven.length > 0 ||
    repositories.some(
      ({ proposals, rebuild, failures }) =>
        failures.length > 0 || rebuild?.outcome === 'refused' || proposals.some(({ failure }) => failure !== undefined),
    )
  );
}
