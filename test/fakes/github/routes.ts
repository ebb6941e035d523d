import type { Reader } from './access.ts';
import { accountRoutes } from './account-routes.ts';
import { actionsRoutes } from './actions-routes.ts';
import type { Descriptions } from './describe.ts';
import { pullRoutes } from './pull-routes.ts';
import { notFound } from './refused.ts';
import { repositoryRoutes } from './repository-routes.ts';
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

const routes: Routes = { ...accountRoutes, ...repositoryRoutes, ...pullRoutes, ...actionsRoutes };

const patterns = Object.entries(routes).map(([route, answer]) => {
  const [method = '', template = ''] = route.split(' ');
  return { route, method, parts: template.split('/'), answer };
});

/** The route that a request is of, by GitHub's name, with what stands in its places. */
export function findRoute(method: string, pathname: string) {
  const given = pathname.split('/').map(decodeURIComponent);
  for (const { route, parts, answer, ...one } of patterns) {
    if (one.method !== method || parts.length !== given.length) continue;
    const places = new Map<string, string>();
    const isOf = parts.every((part, index) => {
      if (!part.startsWith('{')) return part === given[index];
      places.set(part.slice(1, -1), given[index] ?? '');
      return true;
    });
    if (isOf) return { route, answer, named: (part: string) => places.get(part) ?? '' };
  }
  throw notFound();
}
