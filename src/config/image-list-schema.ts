import { z } from 'zod';
import { isCommitPrefix } from '../domain/image-monitor/commit-message.ts';

/** The list of monitored images as people write it, with the keys that it always had. */

const image = z.strictObject({
  name: z
    .string({ error: 'must be the name that reports use, as text' })
    .regex(/^[\w][\w .:/@+-]{0,99}$/, {
      error: 'must be letters, digits and _ . : / @ + - or blanks, at most 100: node-lts',
    })
    .describe('as reports and outputs call it'),
  image: z
    .string({ error: 'must be an image without its tag, as text: node or ghcr.io/acme/base' })
    .describe('registry and repository, without a tag'),
  tag: z.string({ error: 'must be the tag to watch, as text: 24-alpine' }).describe('the tag to watch'),
  variable: z
    .string({ error: 'must be the name under which the digest is kept, as text: NODE_LTS_DIGEST' })
    .regex(/^[A-Z][A-Z0-9_]{0,99}$/, {
      error: 'must be upper-case letters, digits and _, beginning with a letter: NODE_LTS_DIGEST',
    })
    .describe('the name under which the digest is kept'),
  description: z.string().optional().describe('for people'),
  platforms: z
    .array(z.string())
    .optional()
    .describe('compared when the tag moves, for example linux/amd64; without it all that the image has'),
});

export const imageListSchema = z.strictObject({
  $schema: z.string().optional().describe('for editors'),
  images: z
    .array(image, { error: 'must be a list of images, each with name, image, tag and variable' })
    .min(1, { error: 'is empty: write at least one image with name, image, tag and variable' })
    .max(500, { error: 'is longer than 500: split it over several lists' }),
  settings: z
    .strictObject({
      'commit-prefix': z
        .string()
        .refine(isCommitPrefix, { error: 'must be a commit type with or without a scope: chore(deps)' })
        .optional()
        .describe('begins the subject of commits; wins over the input of that name'),
    })
    .optional(),
});

export type ImageListFile = z.infer<typeof imageListSchema>;

/** For "did you mean". */
export function imageListJsonSchema(): unknown {
  return z.toJSONSchema(imageListSchema, { target: 'draft-2020-12' });
}
