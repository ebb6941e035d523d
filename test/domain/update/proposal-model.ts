import { decideProposals } from '../../../src/domain/update/decide-proposals.ts';
import type { BranchHead, ListedPullRequest, ProposalAction } from '../../../src/domain/update/proposal-facts.ts';
import type { PullRequestText } from '../../../src/domain/update/proposal-marker.ts';
import { defaultUpdateSettings } from '../../../src/domain/update/update-settings.ts';
import { author, type Change, proposalsOf } from './proposed.ts';

const paths = { node: 'Dockerfile', nginx: 'web/Dockerfile' } as const;
export type ModelImage = keyof typeof paths;

export type ModelEvent =
  /** A registry has this version to offer in a lane; 0 for none. */
  | { readonly kind: 'offer'; readonly image: ModelImage; readonly lane: 'patch' | 'minor'; readonly version: number }
  | { readonly kind: 'silence'; readonly image: ModelImage; readonly isSilent: boolean }
  /** Beside the image. */
  | { readonly kind: 'touch base'; readonly image: ModelImage }
  | { readonly kind: 'set base'; readonly image: ModelImage; readonly version: number }
  | { readonly kind: 'person commits' | 'person takes over' | 'branch goes'; readonly at: number }
  | { readonly kind: 'person closes' | 'person merges' | 'person empties text'; readonly at: number }
  | { readonly kind: 'words change' }
  | { readonly kind: 'group'; readonly group: 'image' | 'repository' }
  | { readonly kind: 'time passes'; readonly days: number };

type Branch = {
  head: BranchHead;
  files: readonly { readonly path: string; readonly after: string }[];
  isPeoples: boolean;
};
type Pull = { -readonly [Name in keyof ListedPullRequest]: ListedPullRequest[Name] };

/** A forge, a registry and people, as far as decisions see them: without any of their ways to fail. */
export class ProposalModel {
  readonly branches = new Map<string, Branch>();
  readonly pulls: Pull[] = [];
  readonly comments: string[] = [];
  #now = Date.UTC(2026, 0, 1);
  #words = 0;
  #group: 'image' | 'repository' = 'image';
  readonly #base = { node: 'FROM node:22.10\n', nginx: 'FROM nginx:22.10\n' };
  readonly #offers = new Map<string, number>();
  readonly #silent = new Set<ModelImage>();
  #count = 0;

  happen(event: ModelEvent): void {
    switch (event.kind) {
      case 'offer':
        this.#offers.set(`${event.image} ${event.lane}`, event.version);
        return;
      case 'silence':
        if (event.isSilent) this.#silent.add(event.image);
        else this.#silent.delete(event.image);
        return;
      case 'touch base':
        this.#base[event.image] += 'USER app\n';
        return;
      case 'set base':
        this.#base[event.image] = `FROM ${event.image}:22.${event.version}\n`;
        return;
      case 'person commits':
      case 'person takes over':
      case 'branch goes':
        this.#changeBranch(event.kind, [...this.branches.keys()][event.at % this.branches.size]);
        return;
      case 'person closes':
      case 'person merges':
      case 'person empties text':
        this.#changePull(event.kind, this.pulls[event.at % this.pulls.length]);
        return;
      case 'words change':
        this.#words += 1;
        return;
      case 'group':
        this.#group = event.group;
        return;
      case 'time passes':
        this.#now += event.days * 86_400_000;
    }
  }

  decide(): readonly ProposalAction[] {
    const images = ['node', 'nginx'] as const;
    const changes = images
      .filter((image) => !this.#silent.has(image))
      .flatMap((image) => (['patch', 'minor'] as const).flatMap((lane) => this.#changeOf(image, lane)));
    return decideProposals({
      now: this.#now,
      isArchived: false,
      baseBranch: 'main',
      wanted: proposalsOf(changes, this.#group).map((proposal) => ({
        proposal,
        text: { title: proposal.title, body: `Words ${this.#words}` },
      })),
      unanswered: [...this.#silent].map((image) => `docker.io/library/${image}`),
      unread: [],
      pullRequests: this.pulls.map((pull) => ({ ...pull })).toReversed(),
      heads: new Map([...this.branches].map(([name, { head }]) => [name, head])),
      authorEmail: author.email,
      settings: { ...defaultUpdateSettings, limits: { ...defaultUpdateSettings.limits, open: 2 } },
      openedInRun: 0,
      criticalFixes: [],
    });
  }

  apply(action: ProposalAction): void {
    switch (action.kind) {
      case 'open': {
        const { proposal, text } = action;
        if (!action.isWritten) this.#write(proposal.branch, action);
        const id = String(this.pulls.length + 1);
        const created = {
          id,
          url: id,
          state: 'open',
          baseBranch: 'main',
          createdAt: this.#now,
          isAutoMerging: false,
        } as const;
        this.pulls.push({ ...created, branch: proposal.branch, body: text.body });
        return;
      }
      case 'refresh':
        this.#write(action.pullRequest.branch, action);
        this.#retext(action.pullRequest, action.text);
        return;
      case 'retext':
        this.#retext(action.pullRequest, action.text);
        return;
      case 'supersede':
      case 'close': {
        const pull = this.#pull(action.pullRequest);
        Object.assign(pull, { body: action.body, state: 'closed', closedAt: this.#now });
        if (action.branchHead !== undefined) this.#remove(pull.branch, action.branchHead);
        return;
      }
      case 'explain-snooze':
        this.#pull(action.pullRequest).body = action.body;
        this.comments.push(`${action.pullRequest.id} ${action.until}`);
        return;
      case 'keep':
      case 'hold':
    }
  }

  #remove(branch: string, expected: string): void {
    const present = this.branches.get(branch);
    if (present?.isPeoples !== false) throw new Error(`${branch} is edited by people and was removed`);
    if (present.head.revision !== expected) throw new Error(`${branch} does not lead to ${expected}`);
    if (this.pulls.some((pull) => pull.state === 'open' && pull.branch === branch))
      throw new Error(`${branch} was removed under an open pull request`);
    this.branches.delete(branch);
  }

  #write(branch: string, { proposal, expected }: ProposalAction & { readonly kind: 'open' | 'refresh' }): void {
    const present = this.branches.get(branch);
    if (present?.isPeoples === true) throw new Error(`${branch} is edited by people and was written`);
    if (present?.head.revision !== expected) throw new Error(`${branch} does not lead to ${expected}`);
    const { commitMessage: message, files } = proposal;
    const head = { revision: this.#nextRevision(), parents: ['base'], committerEmail: author.email, message };
    this.branches.set(branch, { head, files, isPeoples: false });
  }

  #retext(of: ListedPullRequest, { body }: PullRequestText): void {
    Object.assign(this.#pull(of), { body, baseBranch: 'main' });
  }

  #pull({ id }: ListedPullRequest): Pull {
    const pull = this.pulls[Number(id) - 1];
    if (pull === undefined) throw new Error(`there is no ${id}`);
    return pull;
  }

  #changeOf(image: ModelImage, lane: 'patch' | 'minor'): readonly Change[] {
    const version = this.#offers.get(`${image} ${lane}`) ?? 0;
    const base = this.#base[image];
    const from = base.slice('FROM '.length, base.indexOf('\n'));
    const to = `${image}:22.${version}`;
    return version === 0 || from === to ? [] : [{ lane, from, to, files: { [paths[image]]: base } }];
  }

  #changeBranch(kind: 'person commits' | 'person takes over' | 'branch goes', name: string | undefined): void {
    const branch = name === undefined ? undefined : this.branches.get(name);
    if (name === undefined || branch === undefined) return;
    if (kind === 'branch goes') {
      this.branches.delete(name);
      return;
    }
    const revision = this.#nextRevision();
    // An amended commit keeps our message.
    const change = kind === 'person commits' ? { message: 'mine' } : { committerEmail: 'person@example.com' };
    Object.assign(branch, { head: { ...branch.head, revision, ...change }, isPeoples: true });
  }

  #changePull(kind: 'person closes' | 'person merges' | 'person empties text', pull: Pull | undefined): void {
    if (pull === undefined) return;
    if (kind === 'person empties text') pull.body = '';
    else if (pull.state === 'open') {
      Object.assign(pull, { state: kind === 'person merges' ? 'merged' : 'closed', closedAt: this.#now });
      const files = kind === 'person merges' ? (this.branches.get(pull.branch)?.files ?? []) : [];
      for (const { path, after } of files) this.#base[path === paths.node ? 'node' : 'nginx'] = after;
    }
  }

  #nextRevision(): string {
    this.#count += 1;
    return `revision-${this.#count}`;
  }
}
