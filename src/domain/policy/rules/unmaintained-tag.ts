import type { Rule } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const unmaintainedTag: Rule = {
  id: 'unmaintained-tag',
  title: 'the tag is no longer maintained',
  policy: '5.2.2 Quality Criteria: Current Version',
  why:
    'A tag that its publisher dropped still pulls, but is never rebuilt: no patch of the operating system underneath reaches it any ' +
    'more. The catalog holds every tag that Docker Official Images, .NET and distroless maintain as of its date.',
  levels: { ships: 'warn', builds: 'warn' },
  wrong: 'FROM alpine:3.24.0\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy: 'Use a tag that is still rebuilt; if builds must repeat exactly, pin its digest and let updates move both.',
  find(subject) {
    const { facts, reference } = subject;
    if (facts === undefined || reference?.tag === undefined) return [];
    if (facts.tagState !== 'unmaintained' || facts.retired !== undefined) return [];
    const asOf = facts.evidence === undefined ? '' : ` (as of ${facts.evidence.date})`;
    return [
      { reason: `the tag ${reference.tag} is no longer rebuilt by its publisher${asOf}`, ...recommendedFix(subject) },
    ];
  },
};
