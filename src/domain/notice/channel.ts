/**
 * A way to tell a team something. `urlFrom`, `secretFrom`, `userFrom`, `passwordFrom` name variables of the environment: the
 * addresses of Slack and Teams are secrets themselves.
 */
export type NoticeChannel =
  | { readonly kind: 'webhook'; readonly url: string; readonly secretFrom: string }
  | { readonly kind: 'slack'; readonly urlFrom: string }
  | { readonly kind: 'teams'; readonly urlFrom: string }
  | { readonly kind: 'email'; readonly to: string }
  | IssueChannel;

/** An issue that is kept up to date in a repository on a forge. `url`: `https://github.com/acme/platform`. */
export type IssueChannel = { readonly kind: 'issue'; readonly url: string };

/** Whom to tell how: of the organisation's fleet file, never of a repository's. */
export type NoticeSettings = {
  /** By the team or owner of the fleet file, or the owner of a CODEOWNERS file. */
  readonly teams: ReadonlyMap<string, readonly NoticeChannel[]>;
  /** Of whoever has no channels, and for what concerns no team. */
  readonly others: readonly NoticeChannel[];
  readonly mail?: MailServer;
};

export type MailServer = {
  readonly host: string;
  readonly port: number;
  /** `none` for a server of the own network alone. */
  readonly encryption: 'tls' | 'starttls' | 'none';
  readonly from: string;
  readonly userFrom?: string;
  readonly passwordFrom?: string;
};

/** Names a channel in reports and in what is kept of deliveries; no secret. */
export function channelName(channel: NoticeChannel): string {
  switch (channel.kind) {
    case 'webhook':
      return `webhook ${channel.url}`;
    case 'slack':
    case 'teams':
      return `${channel.kind} ${channel.urlFrom}`;
    case 'email':
      return `email ${channel.to}`;
    case 'issue':
      return `issue ${channel.url}`;
  }
}

/** Whose channels count for somebody with these names: the first one that has any. @returns `others` for nobody of them */
export function teamOf(settings: NoticeSettings, names: readonly string[]): string {
  return names.find((name) => settings.teams.has(name)) ?? 'others';
}

export function channelsOf({ teams, others }: NoticeSettings, team: string): readonly NoticeChannel[] {
  return teams.get(team) ?? others;
}

/** Whether anybody is told by an issue, which says how all stands. */
export function hasIssues({ teams, others }: NoticeSettings): boolean {
  return [...teams.values(), others].flat().some(({ kind }) => kind === 'issue');
}
