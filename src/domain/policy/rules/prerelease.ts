import { isPrerelease, parseTag } from '../../image/tag.ts';
import type { Rule } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const prerelease: Rule = {
  id: 'prerelease',
  title: 'the release is not stable yet',
  policy: '5.2.2 Quality Criteria: Current Version (latest LTS or stable version)',
  why:
    'Release candidates, betas, previews and releases of a distribution that are still in testing change without notice, and their ' +
    'security fixes are best effort. The policy asks for the latest LTS or stable version.',
  levels: { ships: 'warn', builds: 'info' },
  wrong: 'FROM python:3.15-rc-slim\nUSER 65532\nCMD ["python", "app.py"]\n',
  right: 'FROM python:3.14-slim\nUSER 65532\nCMD ["python", "app.py"]\n',
  remedy: 'Use the latest stable line, and try the coming one in a build of its own.',
  find(subject) {
    const { reference, facts } = subject;
    if (reference?.tag !== undefined && isPrerelease(parseTag(reference.tag)))
      return [
        {
          reason: `the tag ${reference.tag} is a prerelease`,
          ...recommendedFix(subject, 'use the latest stable release'),
        },
      ];
    return [facts?.lifecycle, facts?.os].flatMap((line) =>
      line?.state === 'unreleased'
        ? [
            {
              reason: `${line.product} ${line.line} is not released yet`,
              ...recommendedFix(subject, `use ${line.latest.line}`),
            },
          ]
        : [],
    );
  },
};
