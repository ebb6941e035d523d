import { type Answer, errorAnswer } from './answer.ts';
import type { Switches } from './switches.ts';
import type { TokenService } from './token-service.ts';
import { type Access, parseBasic, type Users } from './users.ts';

export type Knock = {
  readonly authorization: string | undefined;
  /** Absent on `/v2/`. */
  readonly repository: string | undefined;
  readonly origin: string;
};

/** @returns the refusal; `undefined` to come in. */
export function refusalAtGate(
  knock: Knock,
  access: Access,
  site: { readonly users: Users; readonly tokens: TokenService; readonly switches: Switches },
): Answer | undefined {
  const { switches } = site;
  if (access.kind === 'open') return switches.isLocked ? unauthorized(knock, switches, 'basic') : undefined;
  if (access.kind === 'basic') {
    const basic = parseBasic(knock.authorization);
    const isAccepted = basic !== undefined && site.users.accepts(basic) && !switches.isLocked;
    return isAccepted ? undefined : unauthorized(knock, switches, 'basic');
  }
  const [, value] = /^bearer +(\S+)$/i.exec(knock.authorization ?? '') ?? [];
  const token = value === undefined || switches.isLocked ? undefined : site.tokens.find(value);
  if (token === undefined)
    return unauthorized(knock, switches, 'bearer', value === undefined ? undefined : 'invalid_token');
  if (knock.repository === undefined) return undefined;
  const granted = token.repositories.get(knock.repository) ?? [];
  const isEnough =
    (token.isForEverything && site.users.mayRead(token.user, knock.repository)) ||
    switches.requiredActions.every((action) => granted.includes(action));
  return isEnough ? undefined : unauthorized(knock, switches, 'bearer', 'insufficient_scope');
}

/** What a registry says that tells a missing repository as a private one. */
export function hiddenAsPrivate(knock: Knock, switches: Switches): Answer {
  return unauthorized(knock, switches, 'bearer', 'insufficient_scope');
}

function unauthorized(knock: Knock, switches: Switches, scheme: 'basic' | 'bearer', error?: string): Answer {
  const detail =
    knock.repository === undefined ? null : [{ Type: 'repository', Class: '', Name: knock.repository, Action: 'pull' }];
  const challenges = scheme === 'basic' ? [basicChallenge(switches)] : bearerChallenges(knock, switches, error);
  return errorAnswer(
    401,
    { code: 'UNAUTHORIZED', message: 'authentication required', detail },
    challenges.length === 0 ? {} : { 'WWW-Authenticate': challenges },
  );
}

function bearerChallenges(knock: Knock, switches: Switches, error: string | undefined): readonly string[] {
  // A registry that says `insufficient_scope` says of what.
  const actions = error === 'insufficient_scope' ? switches.requiredActions.join(',') : 'pull';
  const own = knock.repository === undefined ? undefined : `repository:${knock.repository}:${actions}`;
  const scope = switches.challengeScope ?? own;
  const bearer = `Bearer ${[
    ['realm', switches.realm ?? `${knock.origin}/token`],
    ['service', switches.service],
    ['scope', scope],
    ['error', error],
  ]
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${quoted(value)}`]))
    .join(',')}`;
  switch (switches.challenge) {
    case 'plain':
      return [bearer];
    case 'with-basic-in-one-line':
      return [`${bearer}, ${basicChallenge(switches)}`];
    case 'with-basic-in-own-header':
      return [basicChallenge(switches), bearer];
    case 'absent':
      return knock.repository === undefined ? [bearer] : [];
  }
}

function basicChallenge({ service }: Switches): string {
  return `Basic realm=${quoted(service)}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
