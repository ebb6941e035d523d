import type { JsonObject } from './json-value.ts';
import type { Annotations } from './manifest.ts';

const maxLength = 4096;

/** Annotations or labels of a document; what is no short text is dropped. */
export function readAnnotations(object: JsonObject | undefined): Annotations {
  return new Map(
    Object.entries(object ?? {}).flatMap(([name, value]) =>
      typeof value === 'string' && value.length <= maxLength && name.length <= maxLength
        ? [[name, value] as const]
        : [],
    ),
  );
}
