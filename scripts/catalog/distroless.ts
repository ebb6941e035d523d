import { dayOf, readSource } from './read-source.ts';

type Hardened = {
  readonly distroless: {
    readonly commit: string;
    readonly date: string;
    readonly images: readonly { readonly image: string; readonly tags: readonly string[] }[];
    readonly supportEnds: readonly Readonly<Record<string, string>>[];
    readonly namesInReadmeOverTime: Readonly<
      Record<string, { readonly firstListed: string; readonly lastListed: string }>
    >;
  };
};

const prefix = 'gcr.io/distroless/';
const months: Readonly<Record<string, string>> = {
  Jan: '01-31',
  Feb: '02-28',
  Mar: '03-31',
  April: '04-30',
  May: '05-31',
  June: '06-30',
  July: '07-31',
  Aug: '08-31',
  Sept: '09-30',
  Oct: '10-31',
  Nov: '11-30',
  Dec: '12-31',
};

/** Distroless names that are rebuilt, with tags; the last day each Debian release is promised; names that were dropped. */
export function distrolessImages(folder: string) {
  const { distroless } = readSource<Hardened>(folder, 'hardened-images.json');
  const images: Record<string, string> = {};
  for (const { image, tags } of distroless.images) {
    const name = image.slice(prefix.length);
    images[name] = tags.join(' ');
    // The build also pushes today's Debian under the name without a release.
    if (name.endsWith('-debian13')) images[name.slice(0, -'-debian13'.length)] = tags.join(' ');
  }
  const supportEnds: Record<string, string> = {};
  for (const row of distroless.supportEnds) {
    for (const [column, words] of Object.entries(row)) {
      const end = endOfMonth(words);
      if (column !== 'image' && end !== undefined) supportEnds[`${row['image']}-${column}`] = end;
    }
  }
  const frozen: Record<string, string> = {};
  for (const [image, { lastListed }] of Object.entries(distroless.namesInReadmeOverTime)) {
    const name = image.slice(prefix.length);
    if (images[name] === undefined) frozen[name] = lastListed;
  }
  return {
    source: {
      name: 'Distroless build files',
      url: `https://github.com/GoogleContainerTools/distroless/tree/${distroless.commit}`,
      date: dayOf(distroless.date),
      license: 'Apache-2.0',
    },
    images,
    supportEnds,
    frozen,
  };
}

/** `Sept 2026` → `2026-09-30`; a promise relative to a release that has no date yet is no date. */
function endOfMonth(words: string): string | undefined {
  const [month = '', year = '', more] = words.split(' ');
  const end = months[month];
  return end === undefined || more !== undefined ? undefined : `${year}-${end}`;
}
