import { type Named, plainLogin, readOwner } from './approver.ts';
import type { Membership, ReviewedCommit, ReviewedPullRequest } from './reviewed-commit.ts';

/** An approval of a pull request that proves something. */
export type Approval = {
  readonly url: string;
  /** His login. */
  readonly by: string;
  /** `code-owner`: CODEOWNERS of the branch, before it was merged, gave him or his team the policy file. `approver`: nobody answers for that. */
  readonly way: 'approver' | 'code-owner';
  /** That he is of, where the waiver or CODEOWNERS names it and not him. */
  readonly team?: string;
};

/** `unknown`: it could not be asked for. `reason`: one clause. */
export type ApprovalProof =
  | { readonly kind: 'proven'; readonly by: readonly Approval[] }
  | { readonly kind: 'not-proven' | 'unknown'; readonly reason: string };

/**
 * Whether whom a waiver names as its approver approved of every commit that changed it, by the review of a pull request that brought it, which he
 * neither opened nor wrote. Where CODEOWNERS gives the policy file to somebody, it has to be an owner. Who wrote a line proves nothing.
 *
 * @param approver a person or a team: `readApprover`.
 * @param commits of each line the last, and the newest of all.
 */
export function proveApproval(approver: Named, commits: readonly ReviewedCommit[]): ApprovalProof {
  if (commits.length === 0) return { kind: 'not-proven', reason: 'no commit has it' };
  const proofs = commits.map((commit) => ofCommit(approver, commit));
  const refused = firstOf(proofs, 'not-proven') ?? firstOf(proofs, 'unknown');
  if (refused !== undefined) return refused;
  const by = proofs.flatMap((proof) => (proof.kind === 'proven' ? proof.by : []));
  return { kind: 'proven', by: [...new Map(by.map((one) => [JSON.stringify(one), one])).values()] };
}

/** Who approved and where, or why that is not known: what completes "approved by" or "not proven". */
export function proofWords(proof: ApprovalProof): string {
  if (proof.kind !== 'proven') return proof.reason;
  const words = proof.by.map(({ url, by, way, team }) => {
    const owner = way === 'code-owner' ? 'code owner' : '';
    const as = [owner, team === undefined ? '' : `of ${team}`].filter((part) => part !== '').join(' ');
    return as === '' ? `${by} in ${url}` : `${by}, ${as}, in ${url}`;
  });
  return words.join(' and by ');
}

/** Whose membership of which teams decides: nothing where none does. */
export function membershipsToAsk(
  approver: Named,
  pull: Omit<ReviewedPullRequest, 'memberships' | 'hasWaiver'>,
): readonly Pick<Membership, 'team' | 'login'>[] {
  const owners = ownersOf(pull);
  const logins = independent(pull);
  if (approver.kind === 'team') {
    const isOwner = owners === undefined || owners.some((owner) => isSame(owner, approver));
    return isOwner ? logins.map((login) => ({ team: approver.team, login })) : [];
  }
  const login = logins.find((one) => plainLogin(one) === approver.login);
  if (login === undefined || owners === undefined || owners.some((owner) => isSame(owner, approver))) return [];
  return owners.flatMap((owner) => (owner.kind === 'team' ? [{ team: owner.team, login }] : []));
}

function ofCommit(approver: Named, { revision, author, pullRequests }: ReviewedCommit): ApprovalProof {
  const commit = `${revision.slice(0, 12)} by ${author}`;
  if (pullRequests.length === 0) return { kind: 'not-proven', reason: `${commit} came with no merged pull request` };
  const proofs = pullRequests.map((pull) => ofPullRequest(approver, pull));
  const proven = proofs.find(({ kind }) => kind === 'proven');
  if (proven !== undefined) return proven;
  const first = firstOf(proofs, 'unknown') ?? firstOf(proofs, 'not-proven');
  return first === undefined
    ? { kind: 'not-proven', reason: commit }
    : { ...first, reason: `${commit}: ${first.reason}` };
}

function ofPullRequest(approver: Named, pull: ReviewedPullRequest): ApprovalProof {
  const { url, into, hasWaiver } = pull;
  if (into.kind === 'other') return not(`${url} was merged into ${into.branch}, where others may say who approves`);
  if (hasWaiver === false) return not(`what ${url} merged does not have the waiver as it stands`);
  return approver.kind === 'person' ? ofPerson(approver, pull) : ofTeam(approver, pull);
}

function ofPerson(approver: Extract<Named, { kind: 'person' }>, pull: ReviewedPullRequest): ApprovalProof {
  const { url, author, writers, approvedBy, approvedEarlier, memberships } = pull;
  const { name, login } = approver;
  const has = (logins: readonly string[]) => logins.some((one) => plainLogin(one) === login);
  if (plainLogin(author) === login) return not(`${name} opened ${url}`);
  if (!has(approvedBy)) {
    if (has(approvedEarlier)) return not(`${name} approved an earlier head of ${url}, not what was merged`);
    const others = approvedBy.length === 0 ? 'nobody approved' : `${approvedBy.join(', ')} approved`;
    return not(`${others} ${url}, ${name} did not`);
  }
  if (has(writers)) return not(`${name} wrote commits of ${url}`);
  const by = approvedBy.find((one) => plainLogin(one) === login) ?? login;
  const owners = ownersOf(pull);
  if (owners === undefined) return proven({ url, by, way: 'approver' });
  if (owners.some((owner) => isSame(owner, approver))) return proven({ url, by, way: 'code-owner' });
  const own = memberships.filter((one) => plainLogin(one.login) === login);
  const through = own.find(({ is }) => is === 'member');
  if (through !== undefined) return proven({ url, by, way: 'code-owner', team: through.team });
  return unknownIn(own) ?? not(`CODEOWNERS gives the policy file to ${pull.owners.join(', ')}, not to ${name}`);
}

function ofTeam(approver: Extract<Named, { kind: 'team' }>, pull: ReviewedPullRequest): ApprovalProof {
  const { url, approvedBy } = pull;
  const { name, team } = approver;
  const owners = ownersOf(pull);
  if (owners?.some((owner) => isSame(owner, approver)) === false)
    return not(`CODEOWNERS gives the policy file to ${pull.owners.join(', ')}, not to ${name}`);
  const able = independent(pull);
  const own = pull.memberships.filter((one) => one.team === team && able.includes(one.login));
  const member = own.find(({ is }) => is === 'member');
  if (member !== undefined)
    return proven({ url, by: member.login, way: owners === undefined ? 'approver' : 'code-owner', team });
  const others = approvedBy.length === 0 ? 'nobody approved' : `${approvedBy.join(', ')} approved`;
  const whose =
    approvedBy.length === able.length ? `nobody of ${name} did` : `nobody of ${name} who did not write it did`;
  return unknownIn(own) ?? not(`${others} ${url}, ${whose}`);
}

/** Who may say that it is good: whoever opened it or wrote of it says so of himself. */
function independent({
  author,
  writers,
  approvedBy,
}: Pick<ReviewedPullRequest, 'author' | 'writers' | 'approvedBy'>): readonly string[] {
  const own = new Set([author, ...writers].map(plainLogin));
  return approvedBy.filter((login) => !own.has(plainLogin(login)));
}

/** `undefined`: nobody answers for the policy file. */
function ownersOf({ owners }: Pick<ReviewedPullRequest, 'owners'>): readonly Named[] | undefined {
  return owners.length === 0 ? undefined : owners.map(readOwner).filter((owner) => owner !== undefined);
}

function isSame(one: Named, other: Named): boolean {
  if (one.kind === 'team') return other.kind === 'team' && one.team === other.team;
  return other.kind === 'person' && one.login === other.login;
}

function unknownIn(memberships: readonly Membership[]): ApprovalProof | undefined {
  for (const { is } of memberships) if (typeof is === 'object') return { kind: 'unknown', reason: is.unknown };
  return undefined;
}

function firstOf(proofs: readonly ApprovalProof[], kind: 'not-proven' | 'unknown') {
  return proofs.find((proof): proof is Extract<ApprovalProof, { reason: string }> => proof.kind === kind);
}

function proven(approval: Approval): ApprovalProof {
  return { kind: 'proven', by: [approval] };
}

function not(reason: string): ApprovalProof {
  return { kind: 'not-proven', reason };
}
