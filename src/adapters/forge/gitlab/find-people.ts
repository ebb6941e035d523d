import { Users } from '@gitbeaker/core';
import { asObject, member, textMember } from '../../../domain/image/json-value.ts';
import type { Session } from './session.ts';

export type People = {
  readonly ids: readonly number[];
  readonly names: readonly string[];
  readonly notes: readonly string[];
};

/** GitLab takes people by number. `undefined`: it knows nobody of that name, or has blocked them. */
export function createFindId(session: Session) {
  const users = new Users(session.options);
  const idsByName = new Map<string, number | undefined>();

  return async function findId(name: string): Promise<number | undefined> {
    const key = name.toLowerCase();
    if (!idsByName.has(key)) {
      const found = await session.ask(`find the user ${name}`, () =>
        users.all({ username: name, page: 1, perPage: 20 }),
      );
      const user = (Array.isArray(found) ? found : [])
        .map(asObject)
        .find((one) => textMember(one, 'username')?.toLowerCase() === key && member(one, 'state') !== 'blocked');
      const id = member(user, 'id');
      idsByName.set(key, typeof id === 'number' ? id : undefined);
    }
    return idsByName.get(key);
  };
}

/** Whom GitLab does not know is noted, and so are teams: it asks no group to review. */
export function createFindPeople(session: Session) {
  const findId = createFindId(session);

  return async (wanted: readonly string[]): Promise<People> => {
    const ids: number[] = [];
    const names: string[] = [];
    const notes: string[] = [];
    for (const name of new Set(wanted)) {
      const id = name.startsWith('team:') ? undefined : await findId(name);
      if (id !== undefined) {
        ids.push(id);
        names.push(name);
      } else
        notes.push(
          name.startsWith('team:')
            ? `${name} was not asked to review: GitLab asks people, not groups`
            : `there is no user ${name}`,
        );
    }
    return { ids, names, notes };
  };
}
