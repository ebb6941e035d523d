/**
 * `# basekeeper: ignore=RULE[,RULE] until=DATE -- why`, in the comment block above an instruction, inside one, or (in YAML)
 * behind the value. Both the date and the reason are mandatory.
 */
export type InlineIgnore = {
  readonly rules: readonly string[];
  /** ISO date: the last day on which it holds. */
  readonly until: string;
  readonly reason: string;
  /** Line of the comment. */
  readonly line: number;
  /** First and last line of what it applies to. */
  readonly appliesTo: { readonly from: number; readonly to: number };
};

export type InlineIgnoreReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'ignore'; readonly rules: readonly string[]; readonly until: string; readonly reason: string }
  | { readonly kind: 'malformed'; readonly reason: string };

const usage = 'write "# basekeeper: ignore=RULE until=YYYY-MM-DD -- why"';

/** Reads the text of one comment, without its `#`. */
export function parseInlineIgnore(comment: string, knownRules: ReadonlySet<string>): InlineIgnoreReading {
  const text = comment.trim();
  if (!text.startsWith('basekeeper:')) return { kind: 'none' };
  const body = text.slice('basekeeper:'.length);
  const dashes = body.indexOf('--');
  const reason = dashes < 0 ? '' : body.slice(dashes + 2).trim();
  const settings = new Map(
    (dashes < 0 ? body : body.slice(0, dashes))
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word): [string, string] => {
        const equals = word.indexOf('=');
        return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
      }),
  );
  const unknownKey = [...settings.keys()].find((key) => key !== 'ignore' && key !== 'until');
  if (unknownKey !== undefined) return malformed(`${JSON.stringify(unknownKey)} is not known here`);
  const rules = (settings.get('ignore') ?? '').split(',').filter((rule) => rule !== '');
  if (rules.length === 0) return malformed('it names no rule');
  const unknownRule = rules.find((rule) => !knownRules.has(rule));
  if (unknownRule !== undefined) return malformed(`there is no rule ${JSON.stringify(unknownRule)}`);
  const until = settings.get('until');
  if (until === undefined || !isDate(until)) return malformed('it has no end date');
  if (reason === '') return malformed('it gives no reason');
  return { kind: 'ignore', rules, until, reason };
}

/** True for a day that exists, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function malformed(reason: string): InlineIgnoreReading {
  return { kind: 'malformed', reason: `this ignore has no effect: ${reason}; ${usage}` };
}
