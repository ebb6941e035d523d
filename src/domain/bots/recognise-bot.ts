/** Who acted, as the forge says. `appId`: of the app, where the forge tells it: nobody can choose that. */
export type Account = { readonly login: string; readonly isBot: boolean; readonly appId?: number };

export type BotCommit = {
  readonly revision: string;
  readonly author: Account | undefined;
  readonly committer: Account | undefined;
  /** Signed by whom it names, as the forge says. */
  readonly isVerified: boolean;
};

export type BotName = 'Dependabot' | 'Renovate';

/** `reason`: one clause, why it is not taken for the work of a bot. */
export type Recognition =
  | { readonly kind: 'bot'; readonly name: BotName }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The ids of the apps on github.com: api.github.com/apps/dependabot, api.github.com/apps/renovate. */
const apps: ReadonlyMap<number, BotName> = new Map([
  [29110, 'Dependabot'],
  [2740, 'Renovate'],
]);

/** The committer of commits that are made by GitHub's own API. */
const forgeCommitter = 'web-flow';

/**
 * Whose work a pull request is. Its author has to be the app of a bot, and every commit that app's, signed: names of branches,
 * of people and in commits can be chosen by anybody.
 */
export function recogniseBot(author: Account, commits: readonly BotCommit[]): Recognition {
  const name = author.isBot && author.appId !== undefined ? apps.get(author.appId) : undefined;
  if (name === undefined) return unknown(`it was opened by ${author.login}, which is no app of Dependabot or Renovate`);
  const [first] = commits;
  if (first === undefined) return unknown('it has no commits');
  for (const { revision, author: writer, committer, isVerified } of commits) {
    const short = revision.slice(0, 12);
    if (writer?.appId !== author.appId) return unknown(`the commit ${short} is not ${name}'s`);
    const isMadeThere = committer?.appId === author.appId || (committer?.login === forgeCommitter && !committer.isBot);
    if (!isMadeThere) return unknown(`the commit ${short} was put there by ${committer?.login ?? 'somebody else'}`);
    if (!isVerified) return unknown(`the commit ${short} has no signature that the forge verified`);
  }
  return { kind: 'bot', name };
}

function unknown(reason: string): Recognition {
  return { kind: 'unknown', reason };
}
