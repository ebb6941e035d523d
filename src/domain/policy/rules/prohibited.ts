import { repositoryName } from '../../image/reference.ts';
import { describeBadge } from '../registry-facts.ts';
import type { Rule, RuleSubject } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const prohibited: Rule = {
  id: 'prohibited',
  title: 'the image is unknown or unofficial',
  policy: '5.2.2 Permitted Base Images: Prohibited; Quality Criteria: Official Source',
  why:
    'Nobody can verify who built an unofficial image, from what, or whether it will ever be patched. An image is official when it ' +
    'is in the list of Docker Official Images, or in the registry of a vendor that the policy trusts (`sources.vendors`). ' +
    'Of a Docker Hub namespace `--online` looks up the badge: that of a verified publisher or of sponsored open source counts, and ' +
    'makes it official. Without such evidence it fails closed; what a pattern of `prohibited` names stays so whatever its badge.',
  levels: { ships: 'fail', builds: 'fail' },
  wrong: 'FROM someone/node-with-extras:20\nCMD ["node", "server.js"]\n',
  right: 'FROM node:26-alpine\nUSER node\nCMD ["node", "server.js"]\n',
  remedy:
    'Build on a preferred or permitted image, or on the official image of the same software. If your organisation has verified the ' +
    'publisher, name it under `sources.vendors` in the organisation’s policy file; for a limited time, add a waiver with an approver.',
  find(subject) {
    if (subject.category !== 'prohibited' || subject.reference === undefined) return [];
    return [
      {
        reason: reasonFor(subject),
        ...recommendedFix(
          subject,
          'use an image that the policy lists, or have the publisher added to sources.vendors',
        ),
      },
    ];
  },
};

function reasonFor(subject: RuleSubject): string {
  const { reference, facts, matched } = subject;
  if (reference === undefined) return 'unknown image';
  const name = repositoryName(reference);
  if (matched !== undefined && matched.pattern !== '**' && !matched.pattern.startsWith('('))
    return `${name} is prohibited by the pattern ${matched.pattern}: ${matched.why}`;
  if (facts?.publisher === 'unlisted') return `${name} is not in the list of Docker Official Images`;
  if (reference.registry === 'docker.io') return withoutEvidence(subject, reference.repository.split('/')[0] ?? '');
  if (facts?.publisher === 'vendor')
    return `${name} belongs to ${facts.publisherName ?? 'a vendor'}, whom this policy does not list under sources.vendors`;
  return `${name} comes from a source that the policy does not know`;
}

function withoutEvidence({ registry, publishers }: RuleSubject, namespace: string): string {
  const publisher = registry?.publisher;
  if (publisher?.kind === 'looked-up') {
    const isTrusted = publisher.badge !== 'none';
    return `docker.io/${namespace} is ${describeBadge(publisher)}${isTrusted ? ', and no category of this policy takes it' : ''}`;
  }
  const evidence = `no evidence that docker.io/${namespace} is an official or verified publisher`;
  if (publisher?.kind === 'not-offered') return `${evidence}; the mirror that is asked for Docker Hub has no badges`;
  return registry === undefined && publishers === 'dockerhub' ? `${evidence}; --online looks it up` : evidence;
}
