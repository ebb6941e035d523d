import { describeTokenGaps, type TokenFacts } from '../../domain/forge/token-gaps.ts';
import { ForgeError } from '../../ports/forge.ts';
import type { DoctorCheck } from './doctor-result.ts';

/** Asks GitHub what the token may; `undefined` when none is set. @throws ForgeError */
export type DescribeToken = () => Promise<TokenFacts | undefined>;

/** Only which tokens are there, what they may and what they cannot: their values never come this far. */
export async function checkForge(names: readonly string[], describe: DescribeToken): Promise<readonly DoctorCheck[]> {
  const says =
    names.length === 0
      ? 'none of GITHUB_TOKEN, GH_TOKEN, GH_ENTERPRISE_TOKEN, GITLAB_TOKEN is set'
      : `${names.join(', ')} is set`;
  const token: DoctorCheck = { area: 'forge', name: 'token', state: 'ok', says, remedy: null };
  try {
    const facts = await describe();
    return facts === undefined ? [token] : [token, ...checkGithub(facts)];
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    // What it says ends in its remedy.
    return [token, { area: 'forge', name: 'GitHub', state: 'warn', says: error.message, remedy: null }];
  }
}

function checkGithub(facts: TokenFacts): readonly DoctorCheck[] {
  const gaps = describeTokenGaps(facts);
  return [
    { area: 'forge', name: 'GitHub', state: 'ok', says: kindOf(facts), remedy: null },
    ...gaps.map(
      ({ cannot, remedy }): DoctorCheck => ({
        area: 'forge',
        name: 'GitHub',
        state: 'warn',
        says: `the token cannot ${cannot}`,
        remedy,
      }),
    ),
  ];
}

function kindOf(facts: TokenFacts): string {
  const untold = 'GitHub does not tell what it may, refusals name the permission';
  switch (facts.kind) {
    case 'job':
      return 'accepts the token, the one of a running workflow';
    case 'classic':
      return `accepts the token, with ${facts.scopes.length === 0 ? 'no scopes' : `the scopes ${facts.scopes.join(', ')}`}`;
    case 'fine-grained':
      return `accepts the token, a fine-grained one; ${untold}`;
    case 'app':
      return facts.permissions === undefined ? `accepts the token, of an App; ${untold}` : 'accepts the key of the App';
  }
}
