import { Users } from '@gitbeaker/core';
import { asObject, member } from '../../../domain/image/json-value.ts';
import { malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

/** As which user the token writes. */
export type OwnId = () => Promise<number>;

/** Asked for once. */
export function createOwnId(session: Session): OwnId {
  const users = new Users(session.options);
  let asked: Promise<number> | undefined;

  async function find(): Promise<number> {
    const doing = 'find out whose the token is';
    const id = member(asObject(await session.ask(doing, () => users.showCurrentUser())), 'id');
    if (typeof id !== 'number') throw malformed(doing, 'a user without number');
    return id;
  }

  return () => {
    asked ??= find().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}
