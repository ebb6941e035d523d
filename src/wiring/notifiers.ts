import type { MailAccess } from '../adapters/notifier/create-email.ts';
import { namedVariable, readWorldEnvironment } from '../config/environment.ts';
import type { IssueChannel, MailServer, NoticeChannel, NoticeSettings } from '../domain/notice/channel.ts';
import type { NoticeMessage } from '../domain/notice/notice-message.ts';
import type { Instant } from '../domain/source/instant.ts';
import { type Notifier, NotifierError } from '../ports/notifier.ts';
import { orRefusal } from './or-refusal.ts';

/** Issues are the forges'. */
type SentChannel = Exclude<NoticeChannel, IssueChannel>;

export type Notifiers = {
  readonly notifierOf: (channel: SentChannel) => Notifier;
  /** Equal for the same notices to the same team. */
  readonly markOf: (message: NoticeMessage) => string;
  readonly close: () => Promise<void>;
};

/** The ways to teams, with the secrets that the environment holds. What it lacks is told by the way that wants it. */
export async function openNotifiers(
  { mail }: Pick<NoticeSettings, 'mail'>,
  privateHosts: ReadonlySet<string>,
  clock: () => Instant,
): Promise<Notifiers> {
  const [{ createHttpClient }, { createEmail }, { createSlack }, { createTeams }, { createWebhook }, { messageMark }] =
    await Promise.all([
      import('../adapters/http/http-client.ts'),
      import('../adapters/notifier/create-email.ts'),
      import('../adapters/notifier/create-slack.ts'),
      import('../adapters/notifier/create-teams.ts'),
      import('../adapters/notifier/create-webhook.ts'),
      import('../adapters/notifier/message-mark.ts'),
    ]);
  const http = orRefusal(() => createHttpClient({ proxies: readWorldEnvironment().proxies }));
  const tools = { http, clock, privateHosts };
  const create = (channel: SentChannel): Notifier => {
    switch (channel.kind) {
      case 'webhook':
        return createWebhook(channel.url, secretOf(channel.secretFrom), tools);
      case 'slack':
        return createSlack(secretOf(channel.urlFrom), tools);
      case 'teams':
        return createTeams(secretOf(channel.urlFrom), tools);
      case 'email':
        if (mail === undefined) throw new NotifierError('not-set', 'the fleet file names no mail server');
        return createEmail(channel.to, mailAccessOf(mail, privateHosts));
    }
  };
  return {
    notifierOf: (channel) => ({ send: async (message) => create(channel).send(message) }),
    markOf: messageMark,
    close: () => http.close(),
  };
}

function mailAccessOf(mail: MailServer, privateHosts: ReadonlySet<string>): MailAccess {
  const { userFrom, passwordFrom, ...access } = mail;
  const login =
    userFrom === undefined || passwordFrom === undefined
      ? {}
      : { login: { user: secretOf(userFrom), pass: secretOf(passwordFrom) } };
  return { ...access, ...login, isPrivateAllowed: privateHosts.has(mail.host) };
}

/** @throws NotifierError */
function secretOf(name: string): string {
  const value = namedVariable(name);
  if (value === undefined)
    throw new NotifierError('not-set', `the environment has no ${name}: set it where notify runs`);
  return value;
}
