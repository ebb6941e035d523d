/** A bucket of a Bolt database: keys with values, or with buckets in them. */
export type Bucket = ReadonlyMap<string, Buffer | Bucket>;

const pageSize = 4096;
const headerSize = 16;
const flags = { branch: 1, leaf: 2, meta: 4, freelist: 16 } as const;

/**
 * A whole Bolt database file, loaded bottom-up from sorted keys.
 *
 * @see the file format of go.etcd.io/bbolt: page.go, meta in db.go
 */
export function writeBolt(root: Bucket): Buffer {
  // Two meta pages and the list of free ones come first.
  const pages: Buffer[] = [Buffer.alloc(pageSize), Buffer.alloc(pageSize), page(2, flags.freelist, 0, Buffer.alloc(0))];
  const next = () => pages.reduce((sum, one) => sum + one.length / pageSize, 0);
  const add = (flag: number, elements: readonly Element[]): number => {
    const id = next();
    pages.push(page(id, flag, elements.length, body(flag, elements)));
    return id;
  };
  const rootId = writeBucket(root, add);
  const end = next();
  for (const id of [0, 1]) pages[id] = metaPage(id, rootId, end);
  return Buffer.concat(pages);
}

/** `value` of a leaf, `child` of a branch. */
type Element = { readonly key: Buffer; readonly value: Buffer; readonly isBucket: boolean; readonly child: number };

function writeBucket(bucket: Bucket, add: (flag: number, elements: readonly Element[]) => number): number {
  const leaves = [...bucket]
    .map(([key, value]): Element => {
      const isBucket = !Buffer.isBuffer(value);
      return {
        key: Buffer.from(key),
        value: isBucket ? bucketValue(writeBucket(value, add)) : value,
        isBucket,
        child: 0,
      };
    })
    .sort((a, b) => Buffer.compare(a.key, b.key));
  let level = split(leaves, flags.leaf).map((elements) => ({ first: elements[0]?.key, id: add(flags.leaf, elements) }));
  while (level.length > 1) {
    const branches = level.map(
      ({ first, id }): Element => ({
        key: first ?? Buffer.alloc(0),
        value: Buffer.alloc(0),
        isBucket: false,
        child: id,
      }),
    );
    level = split(branches, flags.branch).map((elements) => ({
      first: elements[0]?.key,
      id: add(flags.branch, elements),
    }));
  }
  return level[0]?.id ?? add(flags.leaf, []);
}

function bucketValue(rootId: number): Buffer {
  const value = Buffer.alloc(16);
  value.writeBigUInt64LE(BigInt(rootId), 0);
  return value;
}

/** As many elements to a page as fit; one that is larger has a page with an overflow. */
function split(elements: readonly Element[], flag: number): readonly (readonly Element[])[] {
  const groups: Element[][] = [];
  let size = 0;
  for (const element of elements) {
    const own = elementSize(flag) + element.key.length + element.value.length;
    const last = groups.at(-1);
    if (last === undefined || size + own > pageSize - headerSize) {
      groups.push([element]);
      size = own;
    } else {
      last.push(element);
      size += own;
    }
  }
  return groups;
}

function elementSize(_flag: number): number {
  return 16;
}

function body(flag: number, elements: readonly Element[]): Buffer {
  const heads = Buffer.alloc(elements.length * elementSize(flag));
  const data: Buffer[] = [];
  let at = heads.length;
  for (const [index, { key, value, isBucket, child }] of elements.entries()) {
    const head = index * elementSize(flag);
    const offset = at - head;
    if (flag === flags.leaf) {
      heads.writeUInt32LE(isBucket ? 1 : 0, head);
      heads.writeUInt32LE(offset, head + 4);
      heads.writeUInt32LE(key.length, head + 8);
      heads.writeUInt32LE(value.length, head + 12);
    } else {
      heads.writeUInt32LE(offset, head);
      heads.writeUInt32LE(key.length, head + 4);
      heads.writeBigUInt64LE(BigInt(child), head + 8);
    }
    data.push(key, value);
    at += key.length + value.length;
  }
  return Buffer.concat([heads, ...data]);
}

function page(id: number, flag: number, count: number, content: Buffer): Buffer {
  const number = Math.max(1, Math.ceil((headerSize + content.length) / pageSize));
  const buffer = Buffer.alloc(number * pageSize);
  buffer.writeBigUInt64LE(BigInt(id), 0);
  buffer.writeUInt16LE(flag, 8);
  buffer.writeUInt16LE(count, 10);
  buffer.writeUInt32LE(number - 1, 12);
  content.copy(buffer, headerSize);
  return buffer;
}

function metaPage(id: number, rootId: number, end: number): Buffer {
  const meta = Buffer.alloc(64);
  meta.writeUInt32LE(0xed0cdaed, 0);
  meta.writeUInt32LE(2, 4);
  meta.writeUInt32LE(pageSize, 8);
  meta.writeBigUInt64LE(BigInt(rootId), 16);
  meta.writeBigUInt64LE(2n, 32);
  meta.writeBigUInt64LE(BigInt(end), 40);
  meta.writeBigUInt64LE(BigInt(id), 48);
  meta.writeBigUInt64LE(fnv64(meta.subarray(0, 56)), 56);
  return page(id, flags.meta, 0, meta);
}

function fnv64(bytes: Buffer): bigint {
  let value = 0xcbf29ce484222325n;
  for (const byte of bytes) value = ((value ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return value;
}
