/** Contents by id, as `git cat-file --batch` prints them: `<id> blob <size>`, a line end, the content, a line end; again and again. */
export function cutBatch(output: Buffer): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(10, start);
    if (end < 0) break;
    const [id = '', type, size] = output.toString('latin1', start, end).split(' ');
    start = end + 1;
    if (type !== 'blob') continue;
    contents.set(id, output.subarray(start, start + Number(size)));
    start += Number(size) + 1;
  }
  return contents;
}
