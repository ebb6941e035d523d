import { isExpired, isSuppressing, type Statement } from '../../domain/vulnerability/suppress/statement.ts';
import type { Suppressed } from '../../domain/vulnerability/suppress/suppress.ts';
import type { PolicyFinding } from '../check-result.ts';

const maxToldPerFile = 100;

export type StatementRun = {
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string;
  /** Not every image of the tree was scanned: nothing is told as unused. */
  readonly isPartial: boolean;
};

/**
 * Statements that have expired, or that no image of the run has a use for, each once.
 *
 * @param images what `suppress` gave for every image of the run.
 */
export function statementFindings(
  statements: readonly Statement[],
  images: readonly Pick<Suppressed, 'used' | 'nearMisses'>[],
  { today, isPartial }: StatementRun,
): readonly PolicyFinding[] {
  const found = statements.filter(isSuppressing).flatMap((statement): readonly PolicyFinding[] => {
    const { path, line, until } = statement;
    const about = statement.ids[0];
    const told = (rule: string, reason: string): readonly PolicyFinding[] => [
      { rule, verdict: 'warn', reason, path, line },
    ];
    if (isExpired(statement, today))
      return told(
        'expired-statement',
        `what it says of ${about} ended on ${until}: renew it with a reason, or remove it`,
      );
    if (isPartial || !isVulnerability(statement) || images.some(({ used }) => used.has(statement))) return [];
    const why = images.map(({ nearMisses }) => nearMisses.get(statement)).find((one) => one !== undefined);
    return told(
      'unused-statement',
      `what it says of ${about} takes nothing out: ${why ?? 'no image has that finding'}; correct or remove it`,
    );
  });
  return [...Map.groupBy(found, ({ rule, path }) => `${rule} ${path}`).values()].flatMap(cut);
}

/** Nobody reads on: the rest of a file is one finding, where it begins. */
function cut(found: readonly PolicyFinding[]): readonly PolicyFinding[] {
  const [first] = found.slice(maxToldPerFile);
  if (first === undefined) return found;
  const more = found.length - maxToldPerFile;
  const reason = `${more} more of its statements are the same: correct or remove them`;
  return [...found.slice(0, maxToldPerFile), { ...first, reason }];
}

/** A `.trivyignore` is for misconfigurations, secrets and licences too, which are nothing to us. */
function isVulnerability({ status, ids }: Statement): boolean {
  return status !== 'ignored' || ids.some((id) => /^(?:GHSA-|TEMP-|[A-Z]+-\d{4}-)/i.test(id));
}
