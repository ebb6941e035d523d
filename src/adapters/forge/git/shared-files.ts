import { asObject, listMember, member, parseJsonObject } from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import { type CommitStatus, ForgeError } from '../../../ports/forge.ts';
import { bounded, namesIn } from './proposal.ts';
import type { Refs, Scratch } from './scratch.ts';

/** What belongs to the repository as a whole; each lies in a reference of its own. */
export const labelsRef = 'refs/basekeeper/labels';
export const statusesRef = 'refs/basekeeper/statuses';

const version = 1;
/** The newest stay. */
const maxStatuses = 500;
const maxName = 300;

const maxBytes = 1024 * 1024;
const fileName = 'basekeeper.json';

type WrittenStatus = CommitStatus & { readonly revision: string };

/** @returns `undefined` for what Basekeeper would not have written. */
export function readLabels(text: string): readonly string[] | undefined {
  const given = parseJsonObject(text);
  return member(given, 'version') === version ? namesIn(given, 'labels') : undefined;
}

export function formatLabels(labels: readonly string[]): string {
  return `${JSON.stringify({ version, labels }, null, 2)}\n`;
}

/** @returns `undefined` for what Basekeeper would not have written. */
export function readStatuses(text: string): readonly WrittenStatus[] | undefined {
  const given = parseJsonObject(text);
  const list = listMember(given, 'statuses');
  if (member(given, 'version') !== version || list === undefined || list.length > maxStatuses) return undefined;
  const statuses = list.map(asObject).flatMap((one) => {
    const [revision, context, description] = ['revision', 'context', 'description'].map((name) =>
      bounded(one, name, maxName),
    );
    const state = (['pending', 'success', 'failure', 'error'] as const).find((name) => name === member(one, 'state'));
    const url = bounded(one, 'url', 2000);
    if (revision === undefined || context === undefined || description === undefined || state === undefined) return [];
    return [{ revision, context, description, state, ...(url === undefined ? {} : { url }) }];
  });
  return statuses.length === list.length ? statuses : undefined;
}

/** With this one, in place of what stood for its commit and context. */
export function formatStatuses(present: readonly WrittenStatus[], added: WrittenStatus): string {
  const others = present.filter((one) => one.revision !== added.revision || one.context !== added.context);
  return `${JSON.stringify({ version, statuses: [...others, added].slice(-maxStatuses) }, null, 2)}\n`;
}

type Read<T> = (text: string) => readonly T[] | undefined;

/** @throws ForgeError `malformed` when somebody else wrote there. */
export async function readShared<T>(
  scratch: Scratch,
  { ids }: Refs,
  ref: string,
  read: Read<T>,
): Promise<readonly T[]> {
  const revision = ids.get(ref);
  if (revision === undefined) return [];
  await scratch.fetchObjects([revision], { depth: 1 });
  const file = `${revision}:${fileName}`;
  const list = read((await scratch.readBlobs([file], maxBytes)).get(file) ?? '');
  if (list === undefined)
    throw new ForgeError('malformed', `what ${ref} of ${scratch.address} leads to is nothing of Basekeeper's`);
  return list;
}

/** @throws ForgeError `invalid` for what could not be read again. */
export async function writeShared<T>(
  scratch: Scratch,
  { ids }: Refs,
  {
    ref,
    text,
    at,
    read,
  }: { readonly ref: string; readonly text: string; readonly at: Instant; readonly read: Read<T> },
): Promise<void> {
  if (read(text) === undefined)
    throw new ForgeError('invalid', `cannot write ${ref} of ${scratch.address}: it is longer than is kept`);
  await scratch.writeFile(ref, { name: fileName, text, message: ref, at, expected: ids.get(ref) });
}
