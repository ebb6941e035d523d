import { asObject, member, textMember } from '../../../domain/image/json-value.ts';
import { type Author, ForgeError } from '../../../ports/forge.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf } from './route-names.ts';

/** @param repository in whose name an App asks. @returns `undefined` for nobody that GitHub knows */
export type FindAuthor = (user: unknown, repository: string) => Promise<Author | undefined>;

/** A bot is called `SLUG[bot]`, which no person can be, and its App is looked up by the slug, once for each owner: what one is shown, another may not be. */
export function createFindAuthor(client: GithubClient): FindAuthor {
  const appIds = new Map<string, Promise<number | undefined>>();

  async function findAppId(slug: string, owner: string): Promise<number | undefined> {
    try {
      const parameters = { app_slug: slug, installedFor: owner };
      const app = await client.askMaybe(`tell which App ${slug} is`, 'GET /apps/{app_slug}', parameters);
      const id = member(asObject(app?.data), 'id');
      return typeof id === 'number' ? id : undefined;
    } catch (error) {
      // An App of somebody else's own is not shown.
      if (error instanceof ForgeError && error.code === 'unauthorized') return undefined;
      throw error;
    }
  }

  return async (user, repository) => {
    const object = asObject(user);
    const login = textMember(object, 'login');
    if (login === undefined) return undefined;
    if (textMember(object, 'type') !== 'Bot') return { login, isBot: false };
    const slug = /^([\w.-]{1,100})\[bot\]$/.exec(login)?.[1];
    if (slug === undefined) return { login, isBot: true };
    const { owner } = nameOf(repository);
    const key = `${owner.toLowerCase()} ${slug}`;
    const asked = appIds.get(key) ?? findAppId(slug, owner);
    appIds.set(key, asked);
    const appId = await asked.catch((error: unknown) => {
      appIds.delete(key);
      throw error;
    });
    return { login, isBot: true, ...(appId === undefined ? {} : { appId }) };
  };
}
