import type { RegistryFacts } from '../../registry-facts.ts';
import type { Rule, RuleSubject } from '../../rule.ts';

export const registryUnanswered: Rule = {
  id: 'registry-unanswered',
  title: 'the registry did not answer',
  policy: '5.2.3 Automated Base Image Monitoring: check the registry',
  why:
    'A registry that is throttled, out of reach or closed to us says nothing, neither good nor bad: what was asked stays unverified, and ' +
    'is never told as up to date. The run then ends with exit code 3. Sizes and platforms that nothing is decided by may stay ' +
    'unread: the summary counts them.',
  levels: { ships: 'unknown', builds: 'unknown' },
  isOnline: true,
  wrong: 'FROM registry.example.com/team/base:1\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'The finding says who refused and why: wait for a throttled registry, log in where credentials are missing, and name a registry ' +
    'with a private address under `registries` in the organisation’s policy file.',
  find(subject) {
    if (subject.registry === undefined) return [];
    const byMessage = Map.groupBy(unansweredIn(subject.registry, subject), ({ message }) => message);
    return [...byMessage].map(([message, parts]) => ({
      reason: `could not verify ${parts.map(({ what }) => what).join(' and ')}: ${message}`,
    }));
  },
};

/** Of what a verdict or a word about newer versions depends on. */
function unansweredIn(
  { image, tag, content, newer, publisher }: RegistryFacts,
  { platform }: RuleSubject,
): readonly { readonly what: string; readonly message: string }[] {
  const asked = [
    { what: 'that it exists', answer: image },
    { what: 'what its tag stands for now', answer: tag },
    { what: `that it is published for ${platform ?? ''}`, answer: platform === undefined ? undefined : content },
    { what: 'whether there is a newer version', answer: newer },
    { what: 'its publisher', answer: publisher },
  ];
  return asked.flatMap(({ what, answer }) =>
    answer?.kind === 'unanswered' ? [{ what, message: answer.message }] : [],
  );
}
