import { isDigest } from './digest.ts';
import { asObject, listMember, member, objectMember, parseJsonObject, textMember } from './json-value.ts';
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
    ...readHistory(listMember(document, 'history')),
  };
  return { kind: 'ok', config };
}

/** Docker makes no image of more layers than 127; each may have some steps that make none. */
const maxSteps = 1000;
const maxStepLength = 256;

function readHistory(steps: readonly unknown[] | undefined): Pick<ImageConfig, 'history'> {
  if (steps === undefined || steps.length === 0 || steps.length > maxSteps) return {};
  const history = steps.map((step) => {
    const object = asObject(step);
    const createdBy = (textMember(object, 'created_by') ?? '').slice(0, maxStepLength);
    return { createdBy, isEmpty: member(object, 'empty_layer') === true };
  });
  return { history };
}
