import { type JsonObject, objectMember, parseJsonObject, textMember } from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';

export type TrivyVersion = { readonly version: string; readonly databaseAt?: Instant };

/** Reads what `trivy version --format json` and a server's `/version` say alike; `undefined` for anything else. */
export function parseTrivyVersion(text: string): TrivyVersion | undefined {
  const document = parseJsonObject(text);
  const version = textMember(document, 'Version');
  if (version === undefined || !/^[\w.+-]{1,64}$/.test(version)) return undefined;
  const databaseAt = databaseDate(objectMember(document, 'VulnerabilityDB'));
  return databaseAt === undefined ? { version } : { version, databaseAt };
}

/** When a database was built, by what stands beside it. */
export function databaseDate(metadata: JsonObject | undefined): Instant | undefined {
  const at = Date.parse(textMember(metadata, 'UpdatedAt') ?? '');
  // Trivy writes the year 1 where it does not know.
  return at > 0 ? at : undefined;
}
