import type { Rule, RuleFinding } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const longTermSupportOnly: Rule = {
  id: 'long-term-support-only',
  title: 'only long-term support is left',
  policy: '5.2.2 Quality Criteria: Current Version',
  why:
    'The distribution’s own security team has stopped; volunteers of Debian LTS patch a subset, later, and for fewer architectures. ' +
    'It is time to move before that ends as well.',
  levels: { ships: 'warn', builds: 'info' },
  wrong: 'FROM debian:12-slim\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM debian:13-slim\nUSER 65532\nCMD ["/app"]\n',
  remedy: 'Move to the current release of the distribution.',
  find(subject) {
    const lines = [subject.facts?.lifecycle, subject.facts?.os].filter((line) => line?.state === 'long-term-only');
    return lines.map((line): RuleFinding => {
      const until = line?.supportEndsOn === undefined ? '' : ` until ${line.supportEndsOn}`;
      return {
        reason: `${line?.product} ${line?.line} has long-term support only${until}`,
        ...recommendedFix(subject),
      };
    });
  },
};
