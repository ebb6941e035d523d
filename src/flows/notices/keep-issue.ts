import { issueMarker } from '../../domain/notice/issue-marker.ts';
import { type Forge, ForgeError, type ForgeErrorCode, type KeptIssue } from '../../ports/forge.ts';
import { NotifierError, type NotifierErrorCode } from '../../ports/notifier.ts';

/** Where a team's issue is. */
export type IssuePlace = {
  readonly forge: Pick<Forge, 'findIssue' | 'writeIssue' | 'writeIssueComment' | 'closeIssue'>;
  /** What the forge calls the repository. */
  readonly repository: string;
};

/** How a team's issue has to look. */
export type WantedIssue = {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** Something is due, or the monitoring does not work. */
  readonly isOpen: boolean;
  /** Of what was not told yet, or a last sentence. */
  readonly comment?: { readonly name: 'told' | 'closed'; readonly body: string };
};

export type IssuePlan = {
  readonly change: 'open' | 'change' | 'close' | 'none';
  /** Which it was read for. */
  readonly present: KeptIssue | undefined;
};

/** What has to be written; reads alone. @throws NotifierError */
export async function planIssue(place: IssuePlace, team: string, wanted: WantedIssue): Promise<IssuePlan> {
  return asNotifier(async () => {
    const present = await place.forge.findIssue(place.repository, issueMarker(team));
    if (present === undefined) return { change: wanted.isOpen ? 'open' : 'none', present };
    if (!wanted.isOpen) return { change: 'close', present };
    const isSame = present.title === wanted.title && present.body === wanted.body;
    return { change: isSame ? 'none' : 'change', present };
  });
}

/** Text first, then what is new, so that nobody is told of what cannot be read; closed last. @returns its address @throws NotifierError */
export async function applyIssue(
  place: IssuePlace,
  team: string,
  wanted: WantedIssue,
  { change, present, mark }: IssuePlan & { readonly mark: string },
): Promise<string | undefined> {
  return asNotifier(async () => {
    const { title, body, comment } = wanted;
    const { repository, forge } = place;
    const draft = { marker: issueMarker(team), title, body };
    const issue = change === 'none' ? present : await forge.writeIssue(repository, draft);
    if (issue === undefined) return undefined;
    // One that was written before the process died is found by its mark.
    if (comment !== undefined)
      await forge.writeIssueComment(
        repository,
        issue.id,
        comment.name === 'told' ? `told-${mark}` : comment.name,
        comment.body,
      );
    if (change === 'close') await forge.closeIssue(repository, issue.id);
    return issue.url;
  });
}

const codes: Readonly<Record<ForgeErrorCode, NotifierErrorCode>> = {
  // For people to mend.
  unauthorized: 'not-allowed',
  'not-found': 'refused',
  invalid: 'refused',
  conflict: 'unavailable',
  unavailable: 'unavailable',
  malformed: 'unavailable',
  'rate-limited': 'rate-limited',
};

export async function asNotifier<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    const { code, message, retryAt } = error;
    const wait = retryAt === undefined ? {} : { retryAt };
    throw new NotifierError(codes[code], message, { cause: error, ...wait });
  }
}
