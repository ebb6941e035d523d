import { type JsonObject, member, textMember } from '../image/json-value.ts';

/** A run of a workflow or a pipeline that was started. `url`: for people; empty where there is none. */
export type StartedRun = { readonly id: number; readonly url: string };

/** `release.yml`, or the number of a workflow. */
export function isWorkflowName(text: string): boolean {
  return /^(?:[\w-][\w.-]{0,199}\.ya?ml|\d{1,15})$/.test(text);
}

/**
 * Reads what a forge tells of one run.
 *
 * @param names of the members that hold its number and its address.
 * @returns `undefined` where it tells no number: nobody could find the run again.
 */
export function readStartedRun(
  body: JsonObject | undefined,
  names: { readonly id: string; readonly url: string },
): StartedRun | undefined {
  const id = member(body, names.id);
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) return undefined;
  return { id, url: safeUrl(textMember(body, names.url)) };
}

/** An address that may be shown as it is; others are empty. */
export function safeUrl(text: string | undefined): string {
  return text !== undefined && /^https?:\/\/[\w.:-]+\/[\w./-]*$/.test(text) && text.length <= 500 ? text : '';
}
