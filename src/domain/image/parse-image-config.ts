import { isDigest } from './digest.ts';
import { listMember, objectMember, parseJsonObject, textMember } from './json-value.ts';
import type { ImageConfig } from './manifest.ts';
import { readPlatform } from './parse-manifest.ts';
import { readAnnotations } from './read-annotations.ts';
import { readPublishedAt } from './read-published-at.ts';
import { runUser } from './run-user.ts';

/** `reason`: one clause, what is wrong with the document. */
export type ParsedImageConfig =
  | { readonly kind: 'ok'; readonly config: ImageConfig }
  | { readonly kind: 'malformed'; readonly reason: string };

/**
 * Reads an image's config, whoever wrote it. Total.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export function parseImageConfig(text: string): ParsedImageConfig {
  const document = parseJsonObject(text);
  if (document === undefined) return { kind: 'malformed', reason: 'it is no JSON object' };
  const platform = readPlatform(document);
  // Charts and other artifacts have configs too.
  if (platform === undefined) return { kind: 'malformed', reason: 'it names no platform, so it is no image' };
  const diffIds = listMember(objectMember(document, 'rootfs'), 'diff_ids') ?? [];
  if (!diffIds.every(isDigest)) return { kind: 'malformed', reason: 'one of its layers has no sha256 digest' };
  const createdAt = readPublishedAt(textMember(document, 'created'));
  const run = objectMember(document, 'config');
  const config: ImageConfig = {
    platform,
    ...(createdAt === undefined ? {} : { createdAt }),
    user: runUser(textMember(run, 'User') ?? ''),
    labels: readAnnotations(objectMember(run, 'Labels')),
    diffIds,
  };
  return { kind: 'ok', config };
}
