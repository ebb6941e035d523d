import type { CountedIgnore, CountedWaiver, Exceptions } from '../domain/policy/exceptions.ts';
import { lastWaiverDay, type WaiverDays } from '../domain/policy/finding-waiver.ts';
import { compareSeverities } from '../domain/vulnerability/severity.ts';
import type { PolicyFinding } from './check-result.ts';

/** Rules that a run does not look at: what excepts from them covers nothing in it, and may all the same be needed. */
export type Unasked = ReadonlySet<string>;

export type WaiverRun = {
  readonly isPartial: boolean;
  readonly unasked: Unasked;
  /** Every image was scanned. */
  readonly isScanWhole: boolean;
};

/** Waivers and baseline entries that expired or cover nothing. An unused one is told only by a run over the whole tree. */
export function exceptionFindings(
  exceptions: Exceptions,
  today: string,
  run: WaiverRun & { readonly baselinePath: string | undefined },
): readonly PolicyFinding[] {
  const waivers = waiverFindings(exceptions.waivers, today, run);
  if (run.isPartial) return waivers;
  const surplus = exceptions.baseline.surplus().filter(({ rule }) => !run.unasked.has(rule));
  const debt = surplus.map((entry): PolicyFinding => {
    const times = entry.count === 1 ? '' : ` (${entry.count} times)`;
    const reason = `the baseline covers ${entry.rule} of ${entry.image} in ${entry.path}${times}, which is gone: run basekeeper init --baseline to shrink it`;
    return { rule: 'unused-baseline', verdict: 'warn', reason, path: run.baselinePath ?? '' };
  });
  return [...waivers, ...debt];
}

/** Waivers that expired or cover nothing. */
export function waiverFindings(
  waivers: readonly CountedWaiver[],
  today: string,
  run: WaiverRun,
): readonly PolicyFinding[] {
  return waivers.flatMap(({ waiver, uses, met }): readonly PolicyFinding[] => {
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
    if (run.isPartial) return [];
    const unused = (reason: string): readonly PolicyFinding[] => [
      { rule: 'unused-waiver', verdict: 'warn', reason, ...place },
    ];
    if (waiver.findings !== undefined) {
      if (!run.isScanWhole) return [];
      const found = new Set([...met.values()].map(({ id }) => id.toUpperCase()));
      const absent = waiver.findings.ids.filter((id) => !found.has(id));
      if (absent.length === 0) return [];
      return unused(
        found.size === 0
          ? `waiver ${waiver.id} covers nothing: no image of its pattern has ${absent.join(', ')}; remove it`
          : `waiver ${waiver.id} names ${absent.join(', ')}, which no image of its pattern has: take it out of the list`,
      );
    }
    if (uses > 0 || waiver.rules.some((rule) => run.unasked.has(rule))) return [];
    return unused(`waiver ${waiver.id} covers nothing: remove it`);
  });
}

/** Waivers that reach further ahead than the severity of what they name allows: they do not count for it. */
export function longWaiverFindings(
  waivers: readonly CountedWaiver[],
  days: WaiverDays,
  today: string,
): readonly PolicyFinding[] {
  return waivers.flatMap(({ waiver, met }) => {
    const tooLong = [...met.values()].filter(({ effect }) => effect === 'too-long');
    const [worst] = tooLong.toSorted((one, other) => compareSeverities(one.severity, other.severity));
    if (worst === undefined) return [];
    const { id, sourcePackage, severity } = worst;
    const last = lastWaiverDay(severity, days, today);
    const more = tooLong.length > 1 ? ` (and for ${tooLong.length - 1} more)` : '';
    const reason = `waiver ${waiver.id} does not count for ${id} in ${sourcePackage}${more}: it expires on ${waiver.expires}, and for ${severity.toUpperCase()} findings the longest allowed is ${days[severity]} days ahead; write expires: ${last} or an earlier day`;
    return [{ rule: 'overlong-waiver', verdict: 'warn', reason, path: waiver.file, line: waiver.line }];
  });
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
