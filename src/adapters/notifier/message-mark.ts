import { createHash } from 'node:crypto';
import type { NoticeMessage } from '../../domain/notice/notice-message.ts';

/** Equal for the same notices to the same team: whoever got a message twice can tell. */
export function messageMark({ team, notices }: Pick<NoticeMessage, 'team' | 'notices'>): string {
  const keys = notices.map(({ key }) => key).toSorted();
  return createHash('sha256')
    .update(JSON.stringify([team, ...keys]))
    .digest('hex')
    .slice(0, 32);
}
