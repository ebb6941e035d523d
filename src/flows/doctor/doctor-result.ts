/** What works and what does not, in the order it is shown. This is also the `--json` output. */
export type DoctorResult = {
  readonly state: CheckState;
  readonly checks: readonly DoctorCheck[];
};

/** `problem`: something that is needed does not work. `warn`: something that may be needed. */
export type CheckState = 'ok' | 'warn' | 'problem';

export type DoctorCheck = {
  readonly area: 'registry' | 'network' | 'credentials' | 'forge' | 'program' | 'storage' | 'catalog';
  readonly name: string;
  readonly state: CheckState;
  /** What was found. */
  readonly says: string;
  /** What to do, in one clause; null where nothing is to be done. */
  readonly remedy: string | null;
  readonly registry?: RegistryFacts;
};

export type RegistryFacts = {
  /** Uses of the tree that stand on it. */
  readonly uses: number;
  readonly isReachable: boolean;
  /** Where the credential comes from; null for anonymous. */
  readonly credential: string | null;
  /** Pulls that it still grants; null where it says nothing of them. */
  readonly pulls: { readonly remaining: number; readonly limit: number; readonly windowSeconds: number } | null;
};

/** The worst of them. */
export function worstOf(checks: readonly DoctorCheck[]): CheckState {
  const states = new Set(checks.map(({ state }) => state));
  return states.has('problem') ? 'problem' : states.has('warn') ? 'warn' : 'ok';
}
