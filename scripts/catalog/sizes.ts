import { readSource } from './read-source.ts';

type Sizes = {
  readonly images: Readonly<
    Record<
      string,
      {
        readonly seen: string;
        readonly tags?: readonly string[];
        readonly platforms: Readonly<Record<string, { readonly compressedBytes: number }>>;
      }
    >
  >;
};

/** Compressed sizes for linux/amd64 by repository and tag; full .NET versions and previews are left out, their channel has the same. */
export function typicalSizes(folder: string) {
  const { images } = readSource<Sizes>(folder, 'official-sizes.json');
  const sizes: Record<string, Record<string, number>> = {};
  let date = '';
  for (const [reference, { seen, tags, platforms }] of Object.entries(images)) {
    const bytes = platforms['linux/amd64']?.compressedBytes;
    if (bytes === undefined || reference.includes('@')) continue;
    const colon = reference.lastIndexOf(':');
    const repository = reference.slice(0, colon);
    const bySize = sizes[repository] ?? {};
    sizes[repository] = bySize;
    for (const tag of tags ?? [reference.slice(colon + 1)]) {
      if (/^\d+\.\d+\.\d/.test(tag) || tag.includes('preview')) continue;
      bySize[tag] = bytes;
    }
    if (seen > date) date = seen;
  }
  return {
    source: {
      name: 'Sizes read from docker-library/repo-info and dotnet/versions',
      url: 'https://github.com/docker-library/repo-info',
      date,
      license: 'figures only; dotnet/versions is MIT',
    },
    sizes,
  };
}
