import { gzipSync } from 'node:zlib';

export type TarFile = {
  readonly path: string;
  readonly text: string;
  /** ustar's type: `0` a file, `2` a link, `5` a folder, `g` a global header. */
  readonly type?: string;
};

const block = 512;

/** A tar archive as `git archive` writes it: ustar, every entry of one time. */
export function makeTar(files: readonly TarFile[], modifiedAt: string): Buffer {
  const entries = files.map(({ path, text, type = '0' }) => {
    const body = Buffer.from(text);
    const header = Buffer.alloc(block);
    header.write(path.slice(0, 100), 0);
    header.write('0000664\0', 100);
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(`${(Date.parse(modifiedAt) / 1000).toString(8).padStart(11, '0')}\0`, 136);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    header.write('        ', 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return Buffer.concat([header, body, Buffer.alloc((block - (body.length % block)) % block)]);
  });
  return Buffer.concat([...entries, Buffer.alloc(2 * block)]);
}

/** The archive that GitHub makes of docker-library/official-images. @param library texts of `library/`, by name. */
export function libraryArchive(
  library: Readonly<Record<string, string>>,
  { commit = 'c'.repeat(40), day = '2026-11-22', more = [] as readonly TarFile[] } = {},
): Buffer {
  const root = 'official-images-master';
  const files = [
    { path: 'pax_global_header', type: 'g', text: `${13 + commit.length} comment=${commit}\n` },
    { path: `${root}/`, type: '5', text: '' },
    { path: `${root}/README.md`, text: '# Docker Official Images\n' },
    { path: `${root}/library/`, type: '5', text: '' },
    ...Object.entries(library).map(([name, text]) => ({ path: `${root}/library/${name}`, text })),
    ...more,
  ];
  return gzipSync(makeTar(files, `${day}T21:40:00Z`));
}
