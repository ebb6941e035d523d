import { sliceTracedText, type TracedText, TracedTextBuilder } from './traced-text.ts';

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
  let from: { readonly text: TracedText; readonly offset: number } | undefined;
  for (let index = 0; index <= option.text.length; ) {
    const field = readField(option, index);
    if (typeof field === 'string') return { kind: 'invalid', reason: field };
    const equals = field.text.text.indexOf('=');
    const key = field.text.text.slice(0, Math.max(equals, 0)).toLowerCase();
    if (key === 'type') type = field.text.text.slice(equals + 1).toLowerCase();
    if (key === 'from') {
      from = {
        text: sliceTracedText(field.text, equals + 1, field.text.text.length),
        offset: field.start + equals + 1,
      };
    }
    index = field.next;
  }
  if (from === undefined || from.text.text === '' || type === 'tmpfs') return { kind: 'none' };
  if (type === 'secret') return { kind: 'invalid', reason: 'a secret mount takes no from: leave it out' };
  return { kind: 'source', from: from.text, offset: from.offset };
}

function readField(option: TracedText, start: number): { text: TracedText; start: number; next: number } | string {
  const { text } = option;
  if (text.charAt(start) !== '"') {
    const comma = text.indexOf(',', start);
    const end = comma < 0 ? text.length : comma;
    if (text.slice(start, end).includes('"'))
      return 'a quote " stands inside a value of --mount: quote the whole key=value or nothing';
    return { text: sliceTracedText(option, start, end), start, next: end + 1 };
  }
  const value = new TracedTextBuilder();
  let index = start + 1;
  for (;;) {
    const quote = text.indexOf('"', index);
    if (quote < 0) return 'a quote " in --mount is not closed';
    const isDoubled = text.charAt(quote + 1) === '"';
    value.addText(sliceTracedText(option, index, isDoubled ? quote + 1 : quote));
    index = quote + (isDoubled ? 2 : 1);
    if (isDoubled) continue;
    if (index < text.length && text.charAt(index) !== ',')
      return 'text follows a closing quote " in --mount: end the value there';
    return { text: value.build(), start: start + 1, next: index + 1 };
  }
}
