/** One way in that a registry offers: `Bearer realm="…",service="…",scope="…"`. Names in lower case, values as they came. */
export type Challenge = { readonly scheme: string; readonly parameters: ReadonlyMap<string, string> };

const maxLength = 16_384;
const tokenCharacters = /^[!#$%&'*+.^_`|~0-9A-Za-z-]$/;
const token68Characters = /^[0-9A-Za-z._~+/=-]$/;

/**
 * Reads every challenge of every `WWW-Authenticate` header. What cannot be read ends its header; what stood before it counts.
 *
 * @see RFC 9110, section 11.6.1
 */
export function parseChallenges(headers: readonly string[]): readonly Challenge[] {
  return headers.flatMap((header) => readHeader(new Reader(header.slice(0, maxLength))));
}

function readHeader(reader: Reader): readonly Challenge[] {
  const challenges: Challenge[] = [];
  let parameters: Map<string, string> | undefined;
  for (;;) {
    reader.skip(/[\s,]/);
    const word = reader.take(tokenCharacters);
    if (word === '') return challenges;
    const value = readValue(reader);
    if (value !== undefined && parameters !== undefined) {
      // The first of two counts, so that nothing appended can replace it.
      if (!parameters.has(word.toLowerCase())) parameters.set(word.toLowerCase(), value);
      continue;
    }
    if (value !== undefined) return challenges;
    parameters = new Map();
    challenges.push({ scheme: word.toLowerCase(), parameters });
    skipToken68(reader);
  }
}

/** `=value` behind a name; nothing is read where there is none. */
function readValue(reader: Reader): string | undefined {
  const start = reader.at;
  reader.skip(/[ \t]/);
  if (reader.next() !== '=') {
    reader.at = start;
    return undefined;
  }
  reader.at += 1;
  reader.skip(/[ \t]/);
  return reader.next() === '"' ? readQuoted(reader) : reader.take(/[^\s,"]/);
}

function readQuoted(reader: Reader): string {
  let text = '';
  for (reader.at += 1; reader.next() !== undefined; reader.at += 1) {
    if (reader.next() === '"') {
      reader.at += 1;
      return text;
    }
    if (reader.next() === '\\') reader.at += 1;
    text += reader.next() ?? '';
  }
  return text;
}

/** `Negotiate YII=`: a blob in place of parameters. A name with a value behind it is none. */
function skipToken68(reader: Reader): void {
  reader.skip(/[ \t]/);
  const start = reader.at;
  const blob = reader.take(token68Characters);
  reader.skip(/[ \t]/);
  const isBlob = blob !== '' && (reader.next() === undefined || reader.next() === ',');
  if (!isBlob) reader.at = start;
}

class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  next(): string | undefined {
    return this.text[this.at];
  }

  take(character: RegExp): string {
    const start = this.at;
    this.skip(character);
    return this.text.slice(start, this.at);
  }

  skip(character: RegExp): void {
    while (this.at < this.text.length && character.test(this.text[this.at] ?? '')) this.at += 1;
  }
}
