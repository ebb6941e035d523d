import { GroupMembers, Groups } from '@gitbeaker/core';
import { asObject, textMember } from '../../../domain/image/json-value.ts';
import { type Forge, ForgeError } from '../../../ports/forge.ts';
import { createFindId } from './find-people.ts';
import type { Session } from './session.ts';

/** A group's members, and those of the groups that it lies in and was shared with. */
export function createIsMember(session: Session): Forge['isMember'] {
  const [members, groups] = [new GroupMembers(session.options), new Groups(session.options)];
  const findId = createFindId(session);
  return async (team, login) => {
    const doing = `tell who is of the group ${team}`;
    const id = await findId(login);
    if (id === undefined) return false;
    try {
      const found = await session.ask(doing, () => members.show(team, id, { includeInherited: true }));
      return textMember(asObject(found), 'state') === 'active';
    } catch (error) {
      if (!(error instanceof ForgeError) || error.code !== 'not-found') throw error;
      // Of a group that is not there, this is refused as well.
      await session.ask(doing, () => groups.show(team));
      return false;
    }
  };
}
