/** JSON as a file ends: two spaces, a line end. What a terminal would obey is spelt as an escape, so it parses to the same. */
export function jsonText(value: unknown): string {
  return `${harmless(JSON.stringify(value, undefined, 2))}\n`;
}

/** The same on one line, for output that goes on. */
export function jsonLine(value: unknown): string {
  return `${harmless(JSON.stringify(value))}\n`;
}

/** Of many values, one a line, between `[` and `]` that stand elsewhere: they are looked through as one text, which a million lines ask for. */
export function jsonLines(values: readonly unknown[], indent: string): string {
  return harmless(values.map((value) => indent + JSON.stringify(value)).join(',\n'));
}

function harmless(written: string): string {
  return written.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

// JSON itself escapes C0. Left are DEL and C1 (U+009B begins an escape sequence), separators, and invisible or bidirectional controls.
const unsafe = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
