import { MergeRequestNotes, Users } from '@gitbeaker/core';
import { asObject, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import { malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

/** A note with the marker that somebody else wrote is theirs. */
export function createWriteComment(session: Session) {
  const notes = new MergeRequestNotes(session.options);
  const users = new Users(session.options);
  let ownId: Promise<number> | undefined;

  async function findOwnId(): Promise<number> {
    const doing = 'find out whose the token is';
    const id = member(asObject(await session.ask(doing, () => users.showCurrentUser())), 'id');
    if (typeof id !== 'number') throw malformed(doing, 'a user without number');
    return id;
  }

  return async (repository: string, id: number, marker: string, body: string): Promise<void> => {
    const doing = `write a comment on ${repository}!${id}`;
    ownId ??= findOwnId();
    const own = await ownId.catch((error: unknown) => {
      ownId = undefined;
      throw error;
    });
    const hidden = `<!-- basekeeper:${marker} -->`;
    const text = `${hidden}\n${body}`;
    const present = await session.list(doing, (page) =>
      notes.all(repository, id, { ...page, sort: 'asc', orderBy: 'created_at' }),
    );
    const mine = present.find(
      (note) =>
        member(note, 'system') !== true &&
        member(objectMember(note, 'author'), 'id') === own &&
        textMember(note, 'body')?.includes(hidden) === true,
    );
    if (mine === undefined) {
      await session.ask(doing, () => notes.create(repository, id, text));
      return;
    }
    const noteId = member(mine, 'id');
    if (typeof noteId !== 'number') throw malformed(doing, 'a note without number');
    if (textMember(mine, 'body') !== text)
      await session.ask(doing, () => notes.edit(repository, id, noteId, { body: text }));
  };
}
