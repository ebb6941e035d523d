import type { NoticeMessage } from '../../domain/notice/notice-message.ts';

/** What was due and where it went: field for field the JSON of `notify`. Instants are ISO 8601 in UTC. */
export type NotifyResult = {
  readonly schemaVersion: 1;
  readonly now: string;
  readonly isDryRun: boolean;
  /** Notices that are due at all, whether somebody was told of them before or not. */
  readonly due: number;
  /** One for each team and way that has something to be told of. */
  readonly messages: readonly MessageResult[];
  /** What kept us from knowing whose a repository is. */
  readonly problems: readonly NoticeProblem[];
};

export type NoticeProblem = { readonly repository: string; readonly message: string };

export type MessageResult = {
  readonly team: string;
  /** `slack SLACK_WEB_URL`: no secret. */
  readonly channel: string;
  /** `waiting`: an earlier failure, or the recipient's wish, lets nothing be sent yet. `planned`: in a dry run. */
  readonly state: 'delivered' | 'failed' | 'waiting' | 'planned';
  readonly notices: number;
  /** In a row, this one included. */
  readonly failures: number;
  /** Of the last failure. */
  readonly reason: string | null;
  /** No earlier than this it is tried again. */
  readonly notBefore: string | null;
  readonly message: Pick<NoticeMessage, 'title' | 'sections' | 'footer'>;
  /** Of an issue that is kept up to date; absent for other ways, and where it could not be read. */
  readonly issue?: {
    /** What was done to it, or would be. */
    readonly change: 'open' | 'change' | 'close' | 'none';
    /** Absent before it is opened. */
    readonly url?: string;
    /** Markdown, as it stands then. */
    readonly body: string;
  };
};
