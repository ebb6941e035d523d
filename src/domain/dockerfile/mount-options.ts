import { sliceTracedText, type TracedText, TracedTextBuilder, untracedText } from './traced-text.ts';

const maxRuns = 100;

/** The image or stage that a `RUN --mount=` names, or why the option cannot be read. */
export type MountSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'source'; readonly from: TracedText; readonly offset: number }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Reads the `from` of a mount option: comma-separated values of which a part may be quoted, keys in any case, the last
 * `from` counts. A tmpfs has no source; a secret must have none. `offset` is where the value begins in `option`.
 *
 * @see moby/buildkit: frontend/dockerfile/instructions/commands_runmount.go
 */
export function parseMountSource(option: TracedText): MountSource {
  let type = 'bind';
  let source: { readonly field: Field; readonly valueStart: number } | undefined;
  for (let index = 0; index <= option.text.length; ) {
    const field = readField(option.text, index);
    if (typeof field === 'string') return { kind: 'invalid', reason: field };
    const equals = field.text.indexOf('=');
    const key = field.text.slice(0, Math.max(equals, 0)).toLowerCase();
    if (key === 'type') type = field.text.slice(equals + 1).toLowerCase();
    if (key === 'from') source = { field, valueStart: equals + 1 };
    index = field.next;
  }
  if (source === undefined || source.valueStart === source.field.text.length || type === 'tmpfs')
    return { kind: 'none' };
  if (type === 'secret') return { kind: 'invalid', reason: 'a secret mount takes no from: leave it out' };
  return {
    kind: 'source',
    from: traceField(option, source.field, source.valueStart),
    offset: source.field.start + source.valueStart,
  };
}

/** One of the comma-separated values without its quotes; `runs` are the stretches of the option that spell it. */
type Field = {
  readonly text: string;
  readonly start: number;
  readonly next: number;
  readonly runs: readonly { readonly start: number; readonly end: number }[];
};

function readField(text: string, start: number): Field | string {
  if (text.charAt(start) !== '"') {
    const comma = text.indexOf(',', start);
    const end = comma < 0 ? text.length : comma;
    const value = text.slice(start, end);
    if (value.includes('"')) return 'a quote " stands inside a value of --mount: quote the whole key=value or nothing';
    return { text: value, start, next: end + 1, runs: [{ start, end }] };
  }
  const runs: { start: number; end: number }[] = [];
  let index = start + 1;
  for (;;) {
    const quote = text.indexOf('"', index);
    if (quote < 0) return 'a quote " in --mount is not closed';
    const isDoubled = text.charAt(quote + 1) === '"';
    runs.push({ start: index, end: isDoubled ? quote + 1 : quote });
    index = quote + (isDoubled ? 2 : 1);
    if (isDoubled) continue;
    if (index < text.length && text.charAt(index) !== ',')
      return 'text follows a closing quote " in --mount: end the value there';
    return {
      text: runs.map((run) => text.slice(run.start, run.end)).join(''),
      start: start + 1,
      next: index + 1,
      runs,
    };
  }
}

/** Only the value that counts is traced: a hostile option holds thousands of them. */
function traceField(option: TracedText, field: Field, valueStart: number): TracedText {
  const builder = new TracedTextBuilder();
  const [first, last] = [field.runs[0]?.start ?? 0, field.runs.at(-1)?.end ?? 0];
  const stretch = sliceTracedText(option, first, last);
  for (const run of field.runs.length > maxRuns ? [] : field.runs)
    builder.addText(sliceTracedText(stretch, run.start - first, run.end - first));
  const value = field.runs.length > maxRuns ? untracedText(field.text) : builder.build();
  return sliceTracedText(value, valueStart, value.text.length);
}
