/**
 * Text from outside made harmless for a terminal and for one line: control characters, escape sequences, line and paragraph
 * separators, bidirectional overrides, invisible format characters and lone surrogates become visible escapes.
 */
export function visible(text: string): string {
  return text.toWellFormed().replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

// C0, DEL, C1; soft hyphen; zero-width and bidirectional controls; separators; byte-order mark; tags; the replacement of a lone surrogate stays.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** As `visible`, cut to a length: no single field may flood a report. */
export function short(text: string, length = 300): string {
  const shown = visible(text);
  return shown.length <= length ? shown : `${shown.slice(0, length - 1).toWellFormed()}…`;
}
