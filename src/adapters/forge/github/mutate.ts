import { asObject, type JsonObject, listMember, objectMember, textMember } from '../../../domain/image/json-value.ts';
import { ForgeError, type ForgeErrorCode } from '../../../ports/forge.ts';
import { quotedWords } from '../../http/quoted-words.ts';
import { objectOf } from './github-answer.ts';
import type { Send } from './patient-sending.ts';

/** @param apiUrl of REST; of an Enterprise Server GraphQL lies beside it: https://docs.github.com/enterprise-server/graphql/guides/forming-calls-with-graphql */
export function createMutate(send: Send, apiUrl: string) {
  const route = `POST ${apiUrl.replace(/\/v3$/, '')}/graphql`;
  /** @throws ForgeError also for what GraphQL refuses in an answer of status 200 */
  return async (
    doing: string,
    query: string,
    variables: Readonly<Record<string, string>>,
    authorization: string | undefined,
  ): Promise<JsonObject> => {
    const answer = objectOf(await send(doing, route, { query, variables }, authorization), doing);
    const [first] = listMember(answer, 'errors') ?? [];
    if (first === undefined) return objectMember(answer, 'data') ?? {};
    const error = asObject(first);
    const words = textMember(error, 'message') ?? '';
    throw new ForgeError(codeOf(textMember(error, 'type')), `cannot ${doing}: GitHub refuses it${quotedWords(words)}`);
  };
}

function codeOf(type: string | undefined): ForgeErrorCode {
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES') return 'unauthorized';
  if (type === 'NOT_FOUND') return 'not-found';
  // UNPROCESSABLE: as the pull request stands now.
  return 'conflict';
}
