import type { IssueNotes, MergeRequestNotes } from '@gitbeaker/core';
import { member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import type { OwnId } from './own-id.ts';
import { malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

/** What comments are of, and how GitLab writes it before a number. */
type Commented = { readonly notes: MergeRequestNotes | IssueNotes; readonly sign: '!' | '#' };

/** A note with the marker that somebody else wrote is theirs. */
export function createWriteComment(session: Session, ownId: OwnId, { notes, sign }: Commented) {
  return async (repository: string, id: number, marker: string, body: string): Promise<void> => {
    const doing = `write a comment on ${repository}${sign}${id}`;
    const own = await ownId();
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
