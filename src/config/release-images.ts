import { z } from 'zod';
import type { ReleaseImage } from '../domain/deadline/release-image.ts';
import { parseReference, repositoryName } from '../domain/image/reference.ts';

/** More would be asked for in each cycle. */
const most = 20;

const entry = z.strictObject({
  path: z.string().min(1).describe('of its Dockerfile, from the root of the repository'),
  stage: z
    .string()
    .min(1)
    .optional()
    .describe('name or number of the stage whose FROM names the base; every one that ships when absent'),
});

/** As people write it: `ghcr.io/acme/shop: { path: Dockerfile }`. */
export const releaseImagesSchema = z
  .record(z.string(), entry)
  .superRefine((images, context) => {
    const names = Object.keys(images);
    if (names.length > most) context.addIssue({ code: 'custom', message: `is too long: name at most ${most} images` });
    for (const name of names)
      if (addressOf(name) === undefined)
        context.addIssue({
          ...{ code: 'custom', path: [name] },
          message: 'is no repository of a registry: write ghcr.io/acme/shop, without a tag',
        });
  })
  .optional()
  .describe(
    'published repository → the Dockerfile it is built from: there a release is an image that a scan shows free of it, no git tag',
  );

export type WrittenImages = NonNullable<z.infer<typeof releaseImagesSchema>>;

/** The organisation's, and what a file names besides. */
export function mergeReleaseImages(
  base: readonly ReleaseImage[],
  written: WrittenImages | undefined,
): readonly ReleaseImage[] {
  const own = Object.entries(written ?? {}).flatMap(([name, { path, stage }]) => {
    const address = addressOf(name);
    return address === undefined ? [] : [{ address, path: fromRoot(path), ...(stage === undefined ? {} : { stage }) }];
  });
  const named = new Set(own.map(({ address }) => repositoryName(address)));
  return [...base.filter(({ address }) => !named.has(repositoryName(address))), ...own];
}

/** In the words of the policy file. */
export function describeReleaseImages(images: readonly ReleaseImage[]): WrittenImages {
  return Object.fromEntries(
    images.map(({ address, path, stage }) => [
      repositoryName(address),
      { path, ...(stage === undefined ? {} : { stage }) },
    ]),
  );
}

/** What a repository may not name: another image where its organisation names one. Each is half a sentence. */
export function looserReleaseImages(organisation: readonly ReleaseImage[], written: WrittenImages): readonly string[] {
  return Object.entries(written).flatMap(([name, { path }]) => {
    const address = addressOf(name);
    const before = organisation.find(
      (one) =>
        one.path === fromRoot(path) ||
        (address !== undefined && repositoryName(one.address) === repositoryName(address)),
    );
    return before === undefined
      ? []
      : [`would name ${name} for ${path}, where the organisation's file names ${repositoryName(before.address)}`];
  });
}

/** `./Dockerfile` and `/Dockerfile` are the one at the root, as trees name it. */
function fromRoot(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '');
}

function addressOf(name: string): ReleaseImage['address'] | undefined {
  const parsed = parseReference(name);
  if (parsed.kind !== 'ok' || parsed.reference.tag !== undefined || parsed.reference.digest !== undefined)
    return undefined;
  const { registry, repository } = parsed.reference;
  return { registry, repository };
}
