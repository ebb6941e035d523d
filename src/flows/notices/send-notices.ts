import { channelName, channelsOf, type NoticeChannel, type NoticeSettings } from '../../domain/notice/channel.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { NoticeMessage } from '../../domain/notice/notice-message.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { DeliveryHistory, DeliveryLog } from '../../ports/delivery-log.ts';
import { type Notifier, NotifierError } from '../../ports/notifier.ts';
import { mapLimited } from '../limited.ts';
import type { CollectedNotices } from './collect-notices.ts';
import type { MessageResult, NotifyResult } from './notify-result.ts';

export type SendRequest = {
  readonly notify: NoticeSettings;
  /** When the notices were found due. */
  readonly now: Instant;
  readonly clock: () => Instant;
  /** Puts into words what a team has to be told. */
  readonly write: (team: string, notices: readonly Notice[], at: Instant) => NoticeMessage;
};

export type NoticePorts = {
  readonly deliveries: NoticeDeliveries;
  readonly notifierOf: (channel: NoticeChannel) => Notifier;
};

export type NoticeDeliveries =
  | { readonly kind: 'send'; readonly log: DeliveryLog }
  /** Nothing is sent and nothing written. `history` absent: nobody was ever told of anything. */
  | { readonly kind: 'dry-run'; readonly history: DeliveryHistory | undefined };

const [firstWaitMs, longestWaitMs] = [15 * 60_000, 24 * 3_600_000];

/** Recipients at a time: one that hangs does not hold up the others for long. */
const atOnce = 4;

/**
 * Sends each team one message by each of its ways, of what it was not told of yet. Before a message goes out it is written down, and at
 * once when it was taken: whoever is told again after a death of the process is one whose answer we never had.
 */
export async function sendNotices(
  ports: NoticePorts,
  { byTeam, problems }: CollectedNotices,
  request: SendRequest,
): Promise<NotifyResult> {
  const recipients = [...byTeam].flatMap(([team, notices]) =>
    channelsOf(request.notify, team).map((channel) => ({ team, channel, notices })),
  );
  const messages = await mapLimited(recipients, (recipient) => tell(ports, recipient, request), atOnce);
  return {
    schemaVersion: 1,
    now: formatInstant(request.now),
    isDryRun: ports.deliveries.kind === 'dry-run',
    due: [...byTeam.values()].reduce((sum, { length }) => sum + length, 0),
    messages: messages.filter((message) => message !== undefined),
    problems,
  };
}

type Recipient = { readonly team: string; readonly channel: NoticeChannel; readonly notices: readonly Notice[] };

async function tell(
  { deliveries, notifierOf }: NoticePorts,
  { team, channel, notices }: Recipient,
  { now, clock, write }: SendRequest,
): Promise<MessageResult | undefined> {
  const recipient = `${team} ${channelName(channel)}`;
  const history = deliveries.kind === 'send' ? deliveries.log : deliveries.history;
  const known = await history?.read(
    recipient,
    notices.map(({ key }) => key),
  );
  const untold = notices.filter(({ key }) => known?.delivered.has(key) !== true);
  if (untold.length === 0) return undefined;
  const message = write(team, untold, now);
  const { title, sections, footer } = message;
  const row = {
    ...{ team, channel: channelName(channel), notices: untold.length, failures: known?.failures ?? 0 },
    reason: known?.reason ?? null,
    notBefore: known?.notBefore === undefined ? null : formatInstant(known.notBefore),
    message: { title, sections, footer },
  };
  if (known?.notBefore !== undefined && known.notBefore > now) return { ...row, state: 'waiting' };
  if (deliveries.kind === 'dry-run') return { ...row, state: 'planned' };
  const { log } = deliveries;
  const keys = untold.map(({ key }) => key);
  await log.begin(recipient, keys, clock());
  try {
    await notifierOf(channel).send(message);
  } catch (error) {
    if (!(error instanceof NotifierError)) throw error;
    const notBefore = nextTry(error, row.failures, clock());
    await log.settle(recipient, keys, { kind: 'failed', at: clock(), reason: error.message, notBefore });
    const failed = { failures: row.failures + 1, reason: error.message, notBefore: formatInstant(notBefore) };
    return { ...row, ...failed, state: 'failed' };
  }
  await log.settle(recipient, keys, { kind: 'delivered', at: clock() });
  return { ...row, state: 'delivered', failures: 0, reason: null, notBefore: null };
}

/** Twice as long after each failure; what people have to mend is tried with the next run. */
function nextTry({ code, retryAt }: NotifierError, failures: number, now: Instant): Instant {
  const waited = now + Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 20));
  switch (code) {
    case 'not-set':
    case 'not-allowed':
      return now;
    case 'refused':
    case 'unavailable':
    case 'rate-limited':
      return retryAt === undefined ? waited : Math.max(retryAt, code === 'rate-limited' ? now : waited);
  }
}
