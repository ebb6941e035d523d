import type { CountedIgnore, Exceptions } from '../domain/policy/exceptions.ts';
import type { PolicyFinding } from './check-result.ts';

/** Rules that a run does not look at: what excepts from them covers nothing in it, and may all the same be needed. */
export type Unasked = ReadonlySet<string>;

/** Waivers and baseline entries that expired or cover nothing. An unused one is told only by a run over the whole tree. */
export function exceptionFindings(
  exceptions: Exceptions,
  today: string,
  run: { readonly isPartial: boolean; readonly baselinePath: string | undefined; readonly unasked: Unasked },
): readonly PolicyFinding[] {
  const waivers = exceptions.waivers.flatMap(({ waiver, uses }): readonly PolicyFinding[] => {
    const place = { path: waiver.file, line: waiver.line };
    if (waiver.expires < today)
      return [
        {
          rule: 'expired-waiver',
          verdict: 'warn',
          reason: `waiver ${waiver.id} expired on ${waiver.expires}: renew it with its approver, or remove it`,
          ...place,
        },
      ];
    if (uses > 0 || run.isPartial || waiver.rules.some((rule) => run.unasked.has(rule))) return [];
    return [
      { rule: 'unused-waiver', verdict: 'warn', reason: `waiver ${waiver.id} covers nothing: remove it`, ...place },
    ];
  });
  if (run.isPartial) return waivers;
  const surplus = exceptions.baseline.surplus().filter(({ rule }) => !run.unasked.has(rule));
  const debt = surplus.map((entry): PolicyFinding => {
    const times = entry.count === 1 ? '' : ` (${entry.count} times)`;
    const reason = `the baseline covers ${entry.rule} of ${entry.image} in ${entry.path}${times}, which is gone: run basekeeper init --baseline to shrink it`;
    return { rule: 'unused-baseline', verdict: 'warn', reason, path: run.baselinePath ?? '' };
  });
  return [...waivers, ...debt];
}

/** Inline ignores that expired or cover nothing. */
export function ignoreFindings(
  path: string,
  ignores: readonly CountedIgnore[],
  today: string,
  unasked: Unasked,
): readonly PolicyFinding[] {
  return ignores.flatMap(({ ignore, uses }): readonly PolicyFinding[] => {
    const names = ignore.rules.join(', ');
    if (ignore.until < today)
      return [
        {
          rule: 'expired-ignore',
          verdict: 'warn',
          reason: `the ignore of ${names} expired on ${ignore.until}: remove it`,
          path,
          line: ignore.line,
        },
      ];
    return uses > 0 || ignore.rules.some((rule) => unasked.has(rule))
      ? []
      : [
          {
            rule: 'unused-ignore',
            verdict: 'warn',
            reason: `the ignore of ${names} covers nothing: remove it`,
            path,
            line: ignore.line,
          },
        ];
  });
}
