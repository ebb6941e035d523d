/** Programs of others on this machine. */
export interface Programs {
  /** Looks for a program on PATH and asks it for its version, within ten seconds. */
  find(name: string): Promise<FoundProgram>;
}

/** `broken`: it is there and told no version; `reason` says how. */
export type FoundProgram =
  | { readonly kind: 'found'; readonly path: string; readonly version: string }
  | { readonly kind: 'broken'; readonly path: string; readonly reason: string }
  | { readonly kind: 'missing' };
