import type { Reader } from './access.ts';
import { accountRoutes } from './account-routes.ts';
import { actionRoutes } from './action-routes.ts';
import type { Descriptions } from './describe.ts';
import { issueRoutes } from './issue-routes.ts';
import { mergeRoutes } from './merge-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { placesIn, templateOf } from './route-template.ts';
import type { FakeGithubState } from './state.ts';

export type Question = {
  readonly state: FakeGithubState;
  readonly reader: Reader;
  readonly describe: Descriptions;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** `{owner}` → `acme` */
  readonly named: (part: string) => string;
};

/** `body`: absent for 204. */
export type Answer = { readonly status: number; readonly body?: unknown };

export type Routes = Readonly<Record<string, (question: Question) => Answer>>;

const routes: Routes = {
  ...accountRoutes,
  ...repositoryRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...mergeRoutes,
  ...actionRoutes,
};

/** All that it answers. */
export const answeredRoutes = Object.keys(routes);

const templates = Object.entries(routes).map(([route, answer]) => ({ ...templateOf(route), answer }));

/** The route that a request is of, by GitHub's name, with what stands in its places; `undefined` for none. */
export function findRoute(method: string, pathname: string) {
  for (const { route, parts, answer, ...one } of templates) {
    const places = one.method === method ? placesIn(parts, pathname) : undefined;
    if (places !== undefined) return { route, answer, named: (part: string) => places.get(part) ?? '' };
  }
  return undefined;
}
