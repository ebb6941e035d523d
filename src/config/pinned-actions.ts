/** Actions of others that generated workflows use: each by the full commit of a release, which nobody can move, as they can its tag. */
const pins = {
  'actions/checkout': { commit: 'de0fac2e4500dabe0009e67214ff5f5447ce83dd', version: 'v6.0.2' },
  'actions/setup-node': { commit: '6044e13b5dc448c55e2357c09f80417699197238', version: 'v6.2.0' },
  'actions/cache/restore': { commit: '9255dc7a253b0ccc959486e2bca901246202afeb', version: 'v5.0.1' },
  'actions/cache/save': { commit: '9255dc7a253b0ccc959486e2bca901246202afeb', version: 'v5.0.1' },
  'github/codeql-action/upload-sarif': { commit: '5d4e8d1aca955e8d8589aabd499c5cae939e33c7', version: 'v4.31.9' },
} as const satisfies Readonly<Record<string, { readonly commit: string; readonly version: string }>>;

export type PinnedAction = keyof typeof pins;

/** What stands after `uses:`, with the version as a comment. */
export function pinned(action: PinnedAction): string {
  const { commit, version } = pins[action];
  return `${action}@${commit} # ${version}`;
}
