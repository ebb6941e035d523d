import { asObject, textMember } from '../../../domain/image/json-value.ts';
import { ForgeError, type ForgeRepository } from '../../../ports/forge.ts';
import type { GithubClient, Part } from './github-client.ts';
import { readRepository } from './read-pull-request.ts';

/** An App's are those it was installed for; a user's own private ones are told to that user alone. */
export function createListRepositories(client: GithubClient) {
  async function isOwn(owner: string, doing: string): Promise<boolean> {
    if (client.credential === undefined) return false;
    try {
      const user = await client.ask(doing, 'GET /user', {});
      return textMember(asObject(user.data), 'login')?.toLowerCase() === owner.toLowerCase();
    } catch (error) {
      // The token of an installation is nobody's.
      if (error instanceof ForgeError && error.code === 'unauthorized') return false;
      throw error;
    }
  }

  async function list(owner: string, doing: string): Promise<Part> {
    if (client.credential?.kind === 'app')
      return client.list(doing, 'GET /installation/repositories', { installedFor: owner });
    try {
      return await client.list(doing, 'GET /orgs/{org}/repos', { org: owner, sort: 'full_name' });
    } catch (error) {
      if (!(error instanceof ForgeError) || error.code !== 'not-found') throw error;
    }
    if (await isOwn(owner, doing))
      return client.list(doing, 'GET /user/repos', { affiliation: 'owner', sort: 'full_name' });
    return client.list(doing, 'GET /users/{username}/repos', { username: owner, sort: 'full_name' });
  }

  return async (owner: string): Promise<readonly ForgeRepository[]> => {
    const doing = `list the repositories of ${owner}`;
    const { items, isTruncated } = await list(owner, doing);
    if (isTruncated)
      throw new ForgeError('invalid', `cannot ${doing}: there are more than ${items.length}; list them in the file`);
    return items
      .map((one) => readRepository(one, doing))
      .filter(({ path }) => path.toLowerCase().startsWith(`${owner.toLowerCase()}/`))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  };
}
