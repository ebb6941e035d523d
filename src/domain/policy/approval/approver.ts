/** Who is meant by a name in a policy file or in CODEOWNERS. `name`: as it is told; the rest in lower case, to compare. */
export type Named =
  | { readonly kind: 'person'; readonly name: string; readonly login: string }
  /** `team`: `acme/security`. */
  | { readonly kind: 'team'; readonly name: string; readonly team: string };

/**
 * `ada` and `@ada` are people; `@acme/security`, `acme/security` and `team:security` are teams, the last of the owner of the repository.
 *
 * @param repository `acme/shop`
 */
export function readApprover(name: string, repository: string): Named {
  const plain = plainLogin(name);
  const written = plain.startsWith('team:') ? plain.slice('team:'.length) : plain;
  if (written.includes('/')) return { kind: 'team', name, team: written };
  if (written === plain) return { kind: 'person', name, login: plain };
  return { kind: 'team', name, team: `${repository.slice(0, repository.indexOf('/')).toLowerCase()}/${written}` };
}

/** An address of mail and a role of GitLab (`@@maintainer`) are nobody whom a forge tells of. */
export function readOwner(name: string): Named | undefined {
  if (!/^@[^@]/.test(name)) return undefined;
  return readApprover(name, '');
}

/** Forges tell logins apart without case. */
export function plainLogin(name: string): string {
  return name.trim().replace(/^@/, '').toLowerCase();
}

/** Whether a waiver names an approver who is not its owner by another spelling. `team:security` is a team of whatever organisation. */
export function isApprovedByOther({
  approvedBy = '',
  owner,
}: {
  readonly approvedBy?: string | undefined;
  readonly owner: string;
}): boolean {
  const [approver, own] = [plainLogin(approvedBy), plainLogin(owner)];
  if (approver === '' || approver === own) return false;
  const isShort = approver.startsWith('team:') || own.startsWith('team:');
  const teamOf = (name: string) => /^(?:team:|[^/]+\/)(.+)$/.exec(name)?.[1];
  return !isShort || teamOf(approver) !== teamOf(own);
}
