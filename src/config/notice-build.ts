import type { MailServer, NoticeChannel, NoticeSettings } from '../domain/notice/channel.ts';
import type { FleetFile } from './fleet-schema.ts';
import type { FileProblem, ReadFile } from './read-yaml.ts';

type Written = NonNullable<FleetFile['notify']>;
type WrittenChannel = Written['others'][number];

/** What a schema cannot say of `notify`: one way each, addresses without secrets, TLS wherever it is not the own network. */
export function buildNotices(
  file: ReadFile<FleetFile>,
  privateHosts: ReadonlySet<string>,
): { readonly settings: NoticeSettings | undefined; readonly problems: readonly FileProblem[] } {
  const { notify } = file.content;
  if (notify === undefined) return { settings: undefined, problems: [] };
  const problems: FileProblem[] = [];
  const problem = (path: readonly PropertyKey[], message: string) =>
    problems.push({ file: file.name, line: file.lineOf(path), message: `${path.join('.')} ${message}` });
  const read = (channels: readonly WrittenChannel[], path: readonly PropertyKey[]) =>
    channels.flatMap((channel, index) => {
      const reading = readChannel(channel, notify.mail !== undefined, privateHosts);
      if (typeof reading !== 'string') return [reading];
      problem([...path, index], reading);
      return [];
    });
  const teams = new Map(
    Object.entries(notify.teams ?? {}).map(([name, channels]) => [name, read(channels, ['notify', 'teams', name])]),
  );
  const others = read(notify.others, ['notify', 'others']);
  const refusal = notify.mail === undefined ? undefined : refusalOfMail(notify.mail, privateHosts);
  if (refusal !== undefined) problem(['notify', 'mail'], refusal);
  const mail = notify.mail === undefined ? {} : { mail: mailOf(notify.mail) };
  return { settings: { teams, others, ...mail }, problems };
}

/** @returns half a sentence behind the name of the channel for what is none */
function readChannel(
  { webhook, secretFrom, slackFrom, teamsFrom, email, issue }: WrittenChannel,
  hasMail: boolean,
  privateHosts: ReadonlySet<string>,
): NoticeChannel | string {
  const ways = [webhook, slackFrom, teamsFrom, email, issue].filter((way) => way !== undefined);
  if (ways.length !== 1) return 'names no single way: write one of webhook, slackFrom, teamsFrom, email and issue';
  if (webhook === undefined && secretFrom !== undefined) return 'has a secretFrom, which goes with a webhook alone';
  if (slackFrom !== undefined) return { kind: 'slack', urlFrom: slackFrom };
  if (teamsFrom !== undefined) return { kind: 'teams', urlFrom: teamsFrom };
  if (email !== undefined)
    return hasMail ? { kind: 'email', to: email } : 'is a mail address, and notify.mail names no server';
  if (issue !== undefined) return readIssueChannel(issue, privateHosts);
  if (secretFrom === undefined)
    return 'is a webhook without secretFrom: whoever gets it could not tell that it is ours';
  const refusal = refusalOfAddress(webhook ?? '', privateHosts);
  return refusal ?? { kind: 'webhook', url: new URL(webhook ?? '').href, secretFrom };
}

/** The path names the repository, on GitLab with its groups. */
function readIssueChannel(address: string, privateHosts: ReadonlySet<string>): NoticeChannel | string {
  const refusal = refusalOfAddress(address, privateHosts);
  if (refusal !== undefined) return refusal;
  const url = new URL(address.replace(/\/+$/, '').replace(/\.git$/, ''));
  return /^(\/[A-Za-z0-9_.-]{1,255}){2,20}$/.test(url.pathname)
    ? { kind: 'issue', url: url.href }
    : 'names no repository: write https://github.com/acme/platform';
}

function refusalOfAddress(address: string, privateHosts: ReadonlySet<string>): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSpoken = url?.protocol === 'https:' || (url?.protocol === 'http:' && privateHosts.has(url.hostname));
  if (url === undefined || !isSpoken) return 'is no https address; http is for hosts that privateHosts names';
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return 'has a user, a query or a fragment in its address: secrets stay in the environment';
  return undefined;
}

function refusalOfMail(mail: NonNullable<Written['mail']>, privateHosts: ReadonlySet<string>): string | undefined {
  if ((mail.userFrom === undefined) !== (mail.passwordFrom === undefined))
    return 'has one of userFrom and passwordFrom: name both, or none';
  if (mail.encryption !== 'none') return undefined;
  if (!privateHosts.has(mail.server)) return 'does without TLS: that is for a server that privateHosts names';
  return mail.passwordFrom === undefined ? undefined : 'does without TLS, and has a password that everybody could read';
}

function mailOf({
  server,
  port,
  encryption = 'tls',
  sender,
  userFrom,
  passwordFrom,
}: NonNullable<Written['mail']>): MailServer {
  return {
    ...{ host: server, port: port ?? (encryption === 'tls' ? 465 : 587), encryption, from: sender },
    ...(userFrom === undefined ? {} : { userFrom }),
    ...(passwordFrom === undefined ? {} : { passwordFrom }),
  };
}
