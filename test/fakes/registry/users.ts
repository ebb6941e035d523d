/** Who may read what. */
export type Access =
  | { readonly kind: 'open' }
  | { readonly kind: 'basic'; readonly users: readonly User[] }
  /** `isPrivate`: which repositories only users may read. */
  | {
      readonly kind: 'token';
      readonly users?: readonly User[];
      readonly isAnonymousAllowed?: boolean;
      isPrivate?(repository: string): boolean;
    };

type User = { readonly username: string; readonly secret: string; readonly identityToken?: string };

export type Basic = { readonly username: string; readonly secret: string };

export class Users {
  readonly isAnonymousAllowed: boolean;
  readonly #users: readonly User[];
  readonly #isPrivate: (repository: string) => boolean;

  constructor(access: Access) {
    this.#users = access.kind === 'open' ? [] : (access.users ?? []);
    this.isAnonymousAllowed =
      access.kind !== 'basic' && (access.kind === 'open' || access.isAnonymousAllowed !== false);
    this.#isPrivate = (repository) => access.kind === 'token' && access.isPrivate?.(repository) === true;
  }

  accepts({ username, secret }: Basic): boolean {
    return this.#users.some((user) => user.username === username && user.secret === secret);
  }

  findByIdentity(token: string): string | undefined {
    return this.#users.find(({ identityToken }) => identityToken === token)?.username;
  }

  mayRead(username: string | undefined, repository: string): boolean {
    return username !== undefined || !this.#isPrivate(repository);
  }
}

export function parseBasic(authorization: string | undefined): Basic | undefined {
  const [, encoded] = /^basic +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { username: text.slice(0, colon), secret: text.slice(colon + 1) };
}
