import { formatPlatform, parsePlatform } from '../domain/image/platform.ts';
import { UsageError } from './failure.ts';

/** `--platform`, normalised. @throws UsageError for what is none. */
export function platformNamed(text: string): string {
  const platform = parsePlatform(text);
  if (platform === undefined)
    throw new UsageError(`--platform ${JSON.stringify(text)} is no platform: write linux/arm64`);
  return formatPlatform(platform);
}
