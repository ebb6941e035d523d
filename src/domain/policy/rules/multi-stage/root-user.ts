import type { Stage } from '../../../dockerfile/dockerfile.ts';
import type { Rule, RuleFinding, RuleSubject } from '../../rule.ts';

/** Official images that set a USER of their own. */
const usersOfOfficialImages = new Set([
  'elasticsearch',
  'haproxy',
  'jenkins',
  'kibana',
  'logstash',
  'memcached',
  'open-liberty',
  'solr',
  'sonarqube',
  'varnish',
  'websphere-liberty',
]);

export const rootUser: Rule = {
  id: 'root-user',
  title: 'what ships runs as root',
  policy: '5.2.2 Minimal attack surface',
  why:
    'A process that is root in its container is one kernel or mount mistake away from being root on the host. Decided by the last USER of the stages that ship, else by what is known ' +
    'of the base: nonroot distroless, chiseled and Chainguard images have a user, scratch has none. A USER given by a variable, or a base that is not known, gives no finding.',
  levels: { ships: 'info', builds: 'off' },
  wrong: 'FROM alpine:3.24\nCOPY app /app\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nCOPY app /app\nUSER 65532:65532\nCMD ["/app"]\n',
  remedy:
    'Put a USER in front of CMD, best as a number so that Kubernetes can check runAsNonRoot; give it the files it has to write with COPY --chown.',
  find(subject) {
    const targets = subject.shipped.filter(({ isTarget }) => isTarget);
    const findings = targets.flatMap((target) => judgeTarget(subject, target));
    return findings.filter(({ line }, index) => findings.findIndex((other) => other.line === line) === index);
  },
};

function judgeTarget(subject: RuleSubject, target: Stage): readonly RuleFinding[] {
  const user = findLastUser(subject.shipped, target);
  const isScratch = subject.use.image.kind === 'scratch';
  const fix = isScratch
    ? 'add USER 65532:65532, a number, for scratch has no user names'
    : 'add a USER that is not root, for example USER 65532:65532';
  if (user === undefined) {
    if (!startsAsRoot(subject)) return [];
    return [{ reason: 'no USER is set and the base starts as root', fix }];
  }
  const name = user.name.split(':')[0] ?? '';
  if (name !== 'root' && !/^0{1,9}$/.test(name)) return [];
  return [{ reason: `the last USER is ${user.name}`, fix: 'end with a USER that is not root', line: user.line }];
}

function findLastUser(
  shipped: readonly Stage[],
  target: Stage,
): { readonly name: string; readonly line: number } | undefined {
  const stages = new Map(shipped.map((stage) => [stage.index, stage]));
  let stage: Stage | undefined = target;
  for (let steps = 0; stage !== undefined && steps <= shipped.length; steps += 1) {
    const user = stage.instructions.findLast(({ keyword }) => keyword === 'USER');
    if (user !== undefined) return { name: user.text.trim().replaceAll('"', '').replaceAll("'", ''), line: user.line };
    stage = stage.from === undefined ? undefined : stages.get(stage.from);
  }
  return undefined;
}

function startsAsRoot({ use, reference, facts }: RuleSubject): boolean {
  if (use.image.kind === 'scratch') return true;
  if (reference === undefined) return false;
  const { registry, repository, tag = '' } = reference;
  // Windows has no root, and its images no numbers for users.
  if (/nanoserver|windowsservercore|ltsc\d|^windows\b/.test(tag) || /^(?:windows|dotnet\/framework)\//.test(repository))
    return false;
  if (
    /nonroot|chiseled|distroless|rootless|unprivileged/.test(
      `${repository.startsWith('distroless/') ? '' : repository}:${tag}`,
    )
  )
    return false;
  if (registry === 'gcr.io' && repository.startsWith('distroless/')) return true;
  if (registry === 'mcr.microsoft.com') return repository.startsWith('dotnet/');
  if (registry !== 'docker.io' || !repository.startsWith('library/')) return facts?.publisher === 'docker-official';
  return !usersOfOfficialImages.has(repository.slice('library/'.length));
}
