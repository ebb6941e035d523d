import type { Rule } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const floatingTag: Rule = {
  id: 'floating-tag',
  title: 'the tag names no release',
  policy: '5.2.2 Quality Criteria: Current Version',
  why:
    'No tag, `latest`, `edge`, `rolling`, `sid`, `stable`, `testing` and their like mean another release one day, without any change in the file: ' +
    'the build breaks or changes by itself, and nobody can tell which release was built. A digest makes a reference exact whatever its tag.',
  levels: { ships: 'warn', builds: 'warn' },
  wrong: 'FROM alpine\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy: 'Name the release line; where the repository has no version tags (distroless), pin the digest.',
  find(subject) {
    const floating = subject.facts?.floating;
    if (floating === undefined) return [];
    const reason =
      floating === 'none'
        ? 'no tag: this means whatever latest is on the day of the build'
        : `the tag ${floating} names no release`;
    return [{ reason, ...recommendedFix(subject, 'name a release, or pin the digest') }];
  },
};
