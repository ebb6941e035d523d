const maxLength = 100;

/**
 * What a proposal is called by: the last part of its branch, `node-minor-3f2a9c1d`, and from the second of that name on with
 * a number behind it. It is a part of a reference's name, so other characters than letters, digits, `_` and `-` become `-`.
 */
export function keyOf(branch: string, isTaken: (key: string) => boolean): string {
  const last = branch.slice(branch.lastIndexOf('/') + 1);
  const bare = last.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+/, '');
  const name = bare === '' ? 'proposal' : bare.slice(0, maxLength);
  let key = name;
  for (let number = 2; isTaken(key); number++) key = `${name}-${number}`;
  return key;
}

export function isKey(text: string): boolean {
  return /^\w[\w-]{0,150}$/.test(text);
}
