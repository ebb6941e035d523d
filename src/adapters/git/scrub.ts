/** Variables of git itself point to other repositories or start programs; messages are read in English. */
export function scrub(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || name.toUpperCase().startsWith('GIT_') ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    // A partial clone fetches what it lacks from a remote that its configuration names, by a program that it names.
    // Older versions do not know the first variable; no transport is allowed for all of them.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
  };
}
