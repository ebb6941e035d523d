/** Words that no shell reads otherwise. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** The arguments and options of a command as they would be typed again, each behind a blank; what says yes to something is not repeated. */
export function writtenOptions(paths: readonly string[], options: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(options).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (name === 'diff' || name === 'write' || name === 'json' || name === 'color') return [];
    if (value === true) return [option];
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => (typeof one === 'string' ? [option, quoted(one)] : []));
  });
  return [...paths.map(quoted), ...named].map((word) => ` ${word}`).join('');
}

function quoted(word: string): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
