import { z } from 'zod';
import type { FakeContent } from './content.ts';

/** Content as a file says it: repositories with tags, or as many of both as wanted. */
export const contentSpec = z.strictObject({
  repositories: z
    .array(
      z.strictObject({
        repository: z.string(),
        tags: z.array(z.string()),
        platforms: z.array(z.string()).default(['linux/amd64', 'linux/arm64/v8']),
        format: z.enum(['oci', 'docker']).default('oci'),
      }),
    )
    .default([]),
  generate: z
    .strictObject({
      repositories: z.int().positive(),
      tags: z.int().positive(),
      platforms: z.array(z.string()).default(['linux/amd64', 'linux/arm64/v8']),
    })
    .optional(),
});

export function fill(content: FakeContent, spec: z.output<typeof contentSpec>): void {
  for (const { tags, ...push } of spec.repositories) content.pushTags(push, tags);
  const { generate } = spec;
  if (generate === undefined) return;
  for (let number = 0; number < generate.repositories; number += 1)
    content.pushTags(
      { repository: generatedRepository(number), platforms: generate.platforms },
      generatedTags(generate.tags),
    );
}

/** `team-3/image-13`. */
export function generatedRepository(number: number): string {
  return `team-${number % 10}/image-${number}`;
}

/** Versions from `1.0.0` on, ten patches each. */
export function generatedTags(count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `1.${Math.floor(place / 10)}.${place % 10}`);
}
