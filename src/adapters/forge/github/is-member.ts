import { textMember } from '../../../domain/image/json-value.ts';
import { type Forge, ForgeError } from '../../../ports/forge.ts';
import { objectOf } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';

/** Members of teams below it are of a team too, as GitHub counts them. */
export function createIsMember(client: GithubClient): Forge['isMember'] {
  return async (team, login) => {
    const [org = '', slug = '', ...more] = team.split('/');
    const doing = `tell who is of the team ${team}`;
    if (org === '' || slug === '' || more.length > 0)
      throw new ForgeError('not-found', `cannot ${doing}: teams are called ORGANISATION/TEAM on GitHub`);
    const asked = { org, team_slug: slug };
    const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
    const answer = await client.askMaybe(doing, route, { ...asked, username: login });
    // Whoever was invited and has not come yet is pending.
    if (answer !== undefined) return textMember(objectOf(answer, doing), 'state') === 'active';
    const found = await client.askMaybe(doing, 'GET /orgs/{org}/teams/{team_slug}', asked);
    if (found !== undefined) return false;
    const mend = 'a token has to have Members: read (classic: read:org) to see teams';
    throw new ForgeError('not-found', `cannot ${doing}: there is none, or the token may not see it; ${mend}`);
  };
}
