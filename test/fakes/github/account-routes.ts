import { maySee } from './access.ts';
import { notFound, Refused } from './refused.ts';
import type { Question, Routes } from './routes.ts';
import { describeAs } from './schemas.ts';
import { isoOf } from './state.ts';

const viewerOf = ({ reader }: Question): string => {
  if (reader.token === undefined) throw new Refused(401, 'Requires authentication');
  if (reader.token.installedFor !== undefined) throw new Refused(403, 'Resource not accessible by integration');
  return reader.token.login;
};

const appOf = ({ reader }: Question) => {
  if (reader.app === undefined) throw new Refused(401, 'A JSON web token could not be decoded');
  return reader.app;
};

const ownedBy = ({ state, reader }: Question, owner: string) =>
  state.repositories.filter((one) => one.owner.toLowerCase() === owner.toLowerCase() && maySee(reader, one));

const installation = (owner: string) => (question: Question) => {
  const app = appOf(question);
  const found = app.installations.get(owner);
  if (found === undefined) throw notFound();
  const account = question.describe.user(owner);
  return {
    status: 200,
    body: describeAs('installation', {
      id: found.id,
      app_id: app.id,
      app_slug: app.slug,
      account,
      permissions: found.permissions,
      target_type: 'Organization',
      single_file_name: null,
      suspended_by: null,
      suspended_at: null,
    }),
  };
};

export const accountRoutes: Routes = {
  'GET /app': (question) => ({ status: 200, body: question.describe.app(appOf(question)) }),
  'GET /apps/{app_slug}': ({ state, reader, describe, named }) => {
    const app = state.apps.find(({ slug }) => slug === named('app_slug'));
    if (app === undefined || (app.isPrivate && reader.app !== app)) throw notFound();
    return { status: 200, body: describe.app(app) };
  },
  'GET /orgs/{org}/installation': (question) => installation(orgNamed(question, 'org'))(question),
  'GET /users/{username}/installation': (question) => installation(question.named('username'))(question),
  'POST /app/installations/{installation_id}/access_tokens': (question) => {
    const { state, named } = question;
    const app = appOf(question);
    const [owner, found] = [...app.installations].find(([, { id }]) => String(id) === named('installation_id')) ?? [];
    if (owner === undefined || found === undefined) throw notFound();
    const { permissions } = found;
    const token = `ghs_${state.nextId++}`;
    const expiresAt = state.now + 3_600_000;
    state.tokens.set(token, { login: `${app.slug}[bot]`, permissions, installedFor: owner, expiresAt });
    return {
      status: 201,
      body: { token, expires_at: isoOf(expiresAt), permissions, repository_selection: 'all' },
    };
  },
  'GET /installation/repositories': (question) => {
    const { reader, describe } = question;
    const owner = reader.token?.installedFor;
    if (owner === undefined) throw new Refused(403, 'You must authenticate with an installation access token');
    const found = ownedBy(question, owner).map((one) => describe.repository('repository', one, reader.token?.login));
    return { status: 200, body: { total_count: found.length, repositories: found } };
  },
  'GET /user': (question) => ({ status: 200, body: question.describe.viewer(viewerOf(question)) }),
  'GET /user/repos': (question) => ({
    status: 200,
    body: ownedBy(question, viewerOf(question)).map((one) => question.describe.repository('repository', one)),
  }),
  'GET /orgs/{org}/repos': (question) => ({
    status: 200,
    body: ownedBy(question, orgNamed(question, 'org')).map((one) =>
      question.describe.repository('minimal-repository', one),
    ),
  }),
  'GET /users/{username}/repos': (question) => {
    const { state, named, describe } = question;
    const user = state.users.find(({ login }) => login.toLowerCase() === named('username').toLowerCase());
    if (user === undefined) throw notFound();
    const found = state.repositories.filter((one) => one.owner === user.login && !one.isPrivate);
    return {
      status: 200,
      body: found.map((one) => describe.repository('minimal-repository', one)),
    };
  },
  'GET /orgs/{org}/teams/{team_slug}': (question) => {
    membersOf(question);
    const slug = question.named('team_slug');
    const organization = describeAs('team-organization', { login: question.named('org') });
    return { status: 200, body: describeAs('team-full', { slug, name: slug, organization }) };
  },
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': (question) => {
    const username = question.named('username').toLowerCase();
    const [, state] = [...membersOf(question)].find(([login]) => login.toLowerCase() === username) ?? [];
    if (state === undefined) throw notFound();
    return { status: 200, body: describeAs('team-membership', { role: 'member', state }) };
  },
  'GET /rate_limit': ({ state }) => {
    const limit = { limit: 5000, used: 5000 - state.remaining, remaining: state.remaining, reset: resetOf(state.now) };
    return { status: 200, body: { rate: limit, resources: { core: limit, search: limit } } };
  },
};

/** The next full hour, in seconds. */
export function resetOf(now: number): number {
  return Math.ceil((now + 1) / 3_600_000) * 3600;
}

function orgNamed({ state, named }: Question, part: string): string {
  const found = state.users.find(
    ({ login, type }) => login.toLowerCase() === named(part).toLowerCase() && type === 'Organization',
  );
  if (found === undefined) throw notFound();
  return found.login;
}

/** Whom GitHub does not let see an organisation, it tells of no team. */
function membersOf({ state, reader: { token }, named }: Question) {
  const scopes = token?.scopes;
  if (scopes !== undefined && !scopes.some((scope) => scope.endsWith(':org')))
    throw new Refused(403, 'Must have read:org', {
      headers: {
        'x-oauth-scopes': scopes.join(', '),
        'x-accepted-oauth-scopes': 'admin:org, read:org, repo, write:org',
      },
    });
  if (token?.permissions !== undefined && token.permissions['members'] === undefined)
    throw new Refused(403, 'Resource not accessible by integration', {
      headers: { 'x-accepted-github-permissions': 'members=read' },
    });
  const members = token === undefined ? undefined : state.memberships.get(`${named('org')}/${named('team_slug')}`);
  if (members === undefined) throw notFound();
  return members;
}
