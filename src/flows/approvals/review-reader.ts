import { ownersOf, parseCodeOwners } from '../../domain/notice/code-owners.ts';
import type { Named } from '../../domain/policy/approval/approver.ts';
import { membershipsToAsk } from '../../domain/policy/approval/prove-approval.ts';
import type { Membership, ReviewedCommit, ReviewedPullRequest } from '../../domain/policy/approval/reviewed-commit.ts';
import { hasWaiverLines } from '../../domain/policy/waiver-lines.ts';
import { type ApprovedPullRequest, type Forge, ForgeError } from '../../ports/forge.ts';
import type { LineCommit, WrittenLines } from '../../ports/line-history.ts';

/** Of a forge, what tells of reviews. */
export type ReviewingForge = Pick<Forge, 'kind' | 'readRepository' | 'readApprovals' | 'readFile' | 'isMember'>;

/** Where each forge looks, in its order; the first that is there counts. */
const codeOwnersPaths = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
  git: [],
} as const;

/** Gathers what one forge tells of the commits that changed waivers of one policy file; each thing is asked for once. */
export class ReviewReader {
  readonly #forge: ReviewingForge;
  readonly #repository: string;
  readonly #asked = new Map<string, Promise<unknown>>();
  #refusal: Promise<unknown> | undefined;

  constructor(forge: ReviewingForge, repository: string) {
    this.#forge = forge;
    this.#repository = repository;
  }

  /** @param waiver its lines as they stand. @throws ForgeError */
  async read(
    approver: Named,
    { path, commits, newest }: WrittenLines,
    waiver: readonly string[],
  ): Promise<readonly ReviewedCommit[]> {
    const read: ReviewedCommit[] = [];
    for (const commit of commits) {
      const { revision, author } = commit;
      const pulls = await this.#once(`pulls ${revision}`, () => this.#forge.readApprovals(this.#repository, revision));
      const pullRequests: ReviewedPullRequest[] = [];
      for (const pull of pulls) {
        const reviewed = await this.#reviewed(approver, pull, path);
        const isNewest = revision === newest;
        pullRequests.push(isNewest ? { ...reviewed, hasWaiver: await this.#has(pull, commit, waiver) } : reviewed);
      }
      read.push({ revision, author, pullRequests });
    }
    return read;
  }

  async #reviewed(approver: Named, pull: ApprovedPullRequest, path: string): Promise<ReviewedPullRequest> {
    const { url, author, writers, approvedBy, approvedEarlier, baseBranch, baseRevision } = pull;
    const { defaultBranch } = await this.#once('repository', () => this.#forge.readRepository(this.#repository));
    const into =
      baseBranch === defaultBranch ? ({ kind: 'default' } as const) : ({ kind: 'other', branch: baseBranch } as const);
    // A pull request has no say in who approves of it: CODEOWNERS as it was before.
    const owners = ownersOf(parseCodeOwners(await this.#codeOwners(baseRevision), this.#forge.kind), path);
    const reviewed = { url, author, writers, approvedBy, approvedEarlier, into, owners };
    const memberships: Membership[] = [];
    for (const asked of membershipsToAsk(approver, reviewed))
      memberships.push({ ...asked, is: await this.#membership(asked.team, asked.login) });
    return { ...reviewed, memberships };
  }

  async #codeOwners(revision: string): Promise<string> {
    for (const path of codeOwnersPaths[this.#forge.kind]) {
      const text = await this.#file(path, revision);
      if (text !== undefined) return text;
    }
    return '';
  }

  async #has(pull: ApprovedPullRequest, { path }: LineCommit, waiver: readonly string[]): Promise<boolean> {
    const text = await this.#file(path, pull.headRevision);
    return text !== undefined && hasWaiverLines(text, waiver);
  }

  /** What one team does not tell, another may prove. */
  async #membership(team: string, login: string): Promise<Membership['is']> {
    try {
      const isMember = await this.#once(`member ${team} ${login}`, () => this.#forge.isMember(team, login));
      return isMember ? 'member' : 'none';
    } catch (error) {
      if (error instanceof ForgeError) return { unknown: error.message };
      throw error;
    }
  }

  #file(path: string, revision: string): Promise<string | undefined> {
    return this.#once(`file ${revision} ${path}`, () => this.#forge.readFile(this.#repository, path, revision));
  }

  /** A forge that does not answer is not asked again. @param key names what is asked for, and so what comes back. */
  #once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#asked.get(key) ?? (this.#refusal === undefined ? this.#watched(ask) : this.#refusal);
    this.#asked.set(key, known);
    return known as Promise<T>;
  }

  #watched<T>(ask: () => Promise<T>): Promise<T> {
    const asked = ask();
    asked.catch((error: unknown) => {
      const isDown = error instanceof ForgeError && (error.code === 'unavailable' || error.code === 'rate-limited');
      if (isDown) this.#refusal = asked;
    });
    return asked;
  }
}
