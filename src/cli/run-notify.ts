import { readWorldEnvironment } from '../config/environment.ts';
import type { Fleet } from '../domain/fleet/fleet.ts';
import type { IssueChannel } from '../domain/notice/channel.ts';
import { collectNotices } from '../flows/notices/collect-notices.ts';
import type { NotifyResult } from '../flows/notices/notify-result.ts';
import { type NoticePorts, sendNotices } from '../flows/notices/send-notices.ts';
import { writeIssue } from '../render/notices/write-issue.ts';
import { writeMessage } from '../render/notices/write-message.ts';
import { openDeliveryLog, readDeliveryLog } from '../wiring/ledger.ts';
import { openNotifiers } from '../wiring/notifiers.ts';
import { scanScope, scopeOf } from './cycle-scope.ts';
import { UsageError } from './failure.ts';
import { openForges } from './open-forges.ts';
import { type HistoryOptions, withHistory } from './open-history.ts';
import { withCodeOwners } from './read-code-owners.ts';
import { clockFrom } from './run-options.ts';

export type NotifyOptions = HistoryOptions & { readonly fleet: string; readonly dryRun?: boolean };

/** @throws UsageError without anybody to tell, WorldError where the deliveries cannot be kept. */
export async function runNotify(options: NotifyOptions): Promise<NotifyResult> {
  const clock = clockFrom(options.now);
  return withHistory(options, async (history, { settings, now, owners = new Map(), fleet }, cycles) => {
    const notify = fleet?.notify;
    if (fleet === undefined || notify === undefined)
      throw new UsageError(`${options.fleet} says nobody to tell: add notify, as docs/notices.md shows`);
    const scope = scopeOf([], options);
    const [monitoredAt, scannedAt] = await Promise.all([
      cycles?.lastCycleAt(scope),
      cycles?.lastCycleAt(scanScope(scope)),
    ]);
    const lastCycles = {
      ...(monitoredAt === undefined ? {} : { monitoredAt }),
      ...(scannedAt === undefined ? {} : { scannedAt }),
    };
    const collected = await withCodeOwners(fleet, (readOwners) =>
      collectNotices(history, readOwners, { notify, settings, now, owners, lastCycles }),
    );
    return withPorts(options, fleet, clock, (ports) =>
      sendNotices(ports, collected, { notify, now, clock, write: writeMessage, writeIssue }),
    );
  });
}

async function withPorts(
  { dryRun }: NotifyOptions,
  { notify = { teams: new Map(), others: [] }, privateHosts, listings }: Fleet,
  clock: () => number,
  use: (ports: NoticePorts) => Promise<NotifyResult>,
): Promise<NotifyResult> {
  const { stateFolder } = readWorldEnvironment();
  if (stateFolder === undefined)
    throw new UsageError('there is no home folder to keep deliveries in: set BASEKEEPER_STATE to a folder');
  const { notifierOf, markOf, close } = await openNotifiers(notify, privateHosts, clock);
  const forges = openForges(clock);
  const issuesAt = async ({ url }: IssueChannel) => {
    const web = new URL(url);
    const listing = listings.find(({ host }) => host === web.host);
    const told = listing === undefined ? {} : { forge: listing.forge };
    return forges.of({ web, written: url, privateHosts, ...told });
  };
  const ways = { notifierOf, markOf, issuesAt };
  try {
    if (dryRun === true) {
      const read = await readDeliveryLog(stateFolder);
      const deliveries = { kind: 'dry-run', history: read?.deliveries } as const;
      return await use({ deliveries, ...ways }).finally(() => read?.close());
    }
    const opened = await openDeliveryLog(stateFolder);
    const deliveries = { kind: 'send', log: opened.deliveries } as const;
    return await use({ deliveries, ...ways }).finally(() => opened.close());
  } finally {
    await forges.close();
    await close();
  }
}
