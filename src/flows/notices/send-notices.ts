import {
  channelName,
  channelsOf,
  type IssueChannel,
  type NoticeChannel,
  type NoticeSettings,
} from '../../domain/notice/channel.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { NoticeMessage } from '../../domain/notice/notice-message.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { DeliveryHistory, DeliveryLog } from '../../ports/delivery-log.ts';
import { type Notifier, NotifierError } from '../../ports/notifier.ts';
import { mapLimited } from '../limited.ts';
import type { CollectedNotices } from './collect-notices.ts';
import { applyIssue, asNotifier, type IssuePlace, planIssue, type WantedIssue } from './keep-issue.ts';
import type { MessageResult, NotifyResult } from './notify-result.ts';
import type { TeamStanding } from './team-standing.ts';

export type SendRequest = {
  readonly notify: NoticeSettings;
  /** When the notices were found due. */
  readonly now: Instant;
  readonly clock: () => Instant;
  /** Puts into words what a team has to be told. */
  readonly write: (team: string, notices: readonly Notice[], at: Instant) => NoticeMessage;
  /** How the issue of a team has to look. @param due all that is, told before or not @param message what was not told yet */
  readonly writeIssue: (
    standing: TeamStanding,
    due: readonly Notice[],
    message: NoticeMessage | undefined,
    about: { readonly team: string; readonly now: Instant },
  ) => WantedIssue;
};

export type NoticePorts = {
  readonly deliveries: NoticeDeliveries;
  readonly notifierOf: (channel: Exclude<NoticeChannel, IssueChannel>) => Notifier;
  /** Equal for the same notices to the same team. */
  readonly markOf: (message: NoticeMessage) => string;
  /** @throws ForgeError */
  readonly issuesAt: (channel: IssueChannel) => Promise<IssuePlace>;
};

export type NoticeDeliveries =
  | { readonly kind: 'send'; readonly log: DeliveryLog }
  /** Nothing is sent and nothing written. `history` absent: nobody was ever told of anything. */
  | { readonly kind: 'dry-run'; readonly history: DeliveryHistory | undefined };

const [firstWaitMs, longestWaitMs] = [15 * 60_000, 24 * 3_600_000];

/** Recipients at a time: one that hangs does not hold up the others for long. */
const atOnce = 4;

/**
 * Sends each team one message by each of its ways, of what it was not told of yet, and has its issues say how all stands. Before
 * anything goes out it is written down, and at once when it was taken: whoever is told again after a death of the process is one whose
 * answer we never had.
 */
export async function sendNotices(
  ports: NoticePorts,
  { byTeam, problems, standings }: CollectedNotices,
  request: SendRequest,
): Promise<NotifyResult> {
  // An issue is kept up to date also for whoever has to be told of nothing.
  const teams = new Set([...byTeam.keys(), ...(standings === undefined ? [] : request.notify.teams.keys())]);
  const recipients = [...teams].flatMap((team) =>
    channelsOf(request.notify, team).map((channel): Recipient => {
      const standing = channel.kind === 'issue' ? standings?.of(team) : undefined;
      return { team, channel, notices: byTeam.get(team) ?? [], ...(standing === undefined ? {} : { standing }) };
    }),
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

async function tell(
  ports: NoticePorts,
  recipient: Recipient,
  request: SendRequest,
): Promise<MessageResult | undefined> {
  const { team, channel, notices } = recipient;
  const { deliveries } = ports;
  const { now, clock, write } = request;
  const name = `${team} ${channelName(channel)}`;
  const history = deliveries.kind === 'send' ? deliveries.log : deliveries.history;
  const known = await history?.read(
    name,
    notices.map(({ key }) => key),
  );
  const untold = notices.filter(({ key }) => known?.delivered.has(key) !== true);
  if (untold.length === 0 && channel.kind !== 'issue') return undefined;
  const message = write(team, untold, now);
  const { title, sections, footer } = message;
  const row: MessageResult = {
    ...{ team, channel: channelName(channel), state: 'planned', notices: untold.length },
    ...{ failures: known?.failures ?? 0, reason: known?.reason ?? null },
    notBefore: known?.notBefore === undefined ? null : formatInstant(known.notBefore),
    message: { title, sections, footer },
  };
  if (known?.notBefore !== undefined && known.notBefore > now) return { ...row, state: 'waiting' };
  const keys = untold.map(({ key }) => key);
  // What an issue says is no event: its failures have a key of their own, which is forgotten with the next success.
  const tried = channel.kind === 'issue' ? [...keys, 'standing'] : keys;
  try {
    if (channel.kind === 'issue') {
      const told = await keep(ports, { ...recipient, channel }, { row, message, tried }, request);
      if (told === undefined && row.failures === 0) return undefined;
      if (deliveries.kind === 'dry-run') return told === undefined ? undefined : { ...row, issue: told };
      await deliveries.log.settle(name, keys, { kind: 'delivered', at: clock() });
      return told === undefined ? undefined : { ...delivered(row), issue: told };
    }
    if (deliveries.kind === 'dry-run') return row;
    await deliveries.log.begin(name, keys, clock());
    await ports.notifierOf(channel).send(message);
    await deliveries.log.settle(name, keys, { kind: 'delivered', at: clock() });
    return delivered(row);
  } catch (error) {
    if (!(error instanceof NotifierError)) throw error;
    const notBefore = nextTry(error, row.failures, clock());
    if (deliveries.kind === 'send') {
      await deliveries.log.begin(name, tried, clock());
      await deliveries.log.settle(name, tried, { kind: 'failed', at: clock(), reason: error.message, notBefore });
    }
    const failed = { failures: row.failures + 1, reason: error.message, notBefore: formatInstant(notBefore) };
    return { ...row, ...failed, state: 'failed' };
  }
}

/** @returns `undefined` where the issue says it all already, and nothing is new */
async function keep(
  ports: NoticePorts,
  { team, channel, notices, standing }: Recipient & { readonly channel: IssueChannel },
  {
    row,
    message,
    tried,
  }: { readonly row: MessageResult; readonly message: NoticeMessage; readonly tried: readonly string[] },
  { now, clock, writeIssue }: SendRequest,
): Promise<MessageResult['issue']> {
  if (standing === undefined || (!standing.isKnown && notices.length === 0)) return undefined;
  const wanted = writeIssue(standing, notices, row.notices === 0 ? undefined : message, { team, now });
  const place = await asNotifier(() => ports.issuesAt(channel));
  const plan = await planIssue(place, team, wanted);
  if (plan.change === 'none' && row.notices === 0) return undefined;
  const told = {
    change: plan.change,
    ...(plan.present === undefined ? {} : { url: plan.present.url }),
    body: wanted.body,
  };
  if (ports.deliveries.kind === 'dry-run') return told;
  await ports.deliveries.log.begin(`${team} ${channelName(channel)}`, tried, clock());
  const url = await applyIssue(place, team, wanted, { ...plan, mark: ports.markOf(message) });
  return { ...told, ...(url === undefined ? {} : { url }) };
}

type Recipient = {
  readonly team: string;
  readonly channel: NoticeChannel;
  readonly notices: readonly Notice[];
  /** Of an issue. */
  readonly standing?: TeamStanding;
};

function delivered(row: MessageResult): MessageResult {
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
