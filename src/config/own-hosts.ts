import type { WorldEnvironment } from './environment.ts';
import { namedUrl } from './named-url.ts';

/** Names of the hosts of one's own forges, as the environment has them: whoever names them there wants them asked. */
export function ownHosts({ github, gitlab }: Pick<WorldEnvironment, 'github' | 'gitlab'>): ReadonlySet<string> {
  const named = [github.host, github.serverUrl, gitlab.host ?? gitlab.serverUrl].flatMap(
    (text) => namedUrl(text) ?? [],
  );
  return new Set(
    named.map(({ hostname }) => hostname).filter((name) => name !== 'github.com' && name !== 'gitlab.com'),
  );
}
