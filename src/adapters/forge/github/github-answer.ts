import { asObject, type JsonObject } from '../../../domain/image/json-value.ts';
import { ForgeError } from '../../../ports/forge.ts';

/** Header names are in lower case. */
export type GithubAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What its JSON holds, whatever that is. */
  readonly data: unknown;
};

export function objectOf({ data }: Pick<GithubAnswer, 'data'>, doing: string): JsonObject {
  const object = asObject(data);
  if (object === undefined) throw malformed(doing, 'no object');
  return object;
}

/** @param doing completes "cannot …". @param what stands instead of what is needed */
export function malformed(doing: string, what: string): ForgeError {
  return new ForgeError('malformed', `cannot ${doing}: GitHub's answer has ${what}`);
}
