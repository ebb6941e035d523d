import type { ImageUse } from './image-use.ts';

/**
 * The platform that an image is taken for: what the use names, else what is built for. A frontend runs where the build does,
 * and what is only run or deployed is not built.
 *
 * @param target the platform that the run builds for, where it names one.
 */
export function builtPlatform({ platform, role }: ImageUse, target: string | undefined): string | undefined {
  if (platform !== undefined) return platform;
  return role === 'frontend' || role === 'ci' || role === 'deployed' ? undefined : target;
}
