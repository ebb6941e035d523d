import type { Rule } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const behindLatest: Rule = {
  id: 'behind-latest',
  title: 'the release is behind the latest LTS or stable one',
  policy: '5.2.2 Quality Criteria: Current Version (latest LTS or stable version)',
  why:
    'The policy asks for the latest LTS, or the latest stable release where the product has no LTS. A newer release that is not LTS ' +
    'is not behind. Releases past their end are reported by end-of-life instead.',
  levels: { ships: 'warn', builds: 'info' },
  wrong: 'FROM python:3.12-alpine\nUSER 65532\nCMD ["python", "app.py"]\n',
  right: 'FROM python:3.14-alpine\nUSER 65532\nCMD ["python", "app.py"]\n',
  remedy: 'Move to the line named in the finding and test.',
  find(subject) {
    const line = subject.facts?.lifecycle;
    if (line === undefined || !line.isBehind || line.state !== 'supported') return [];
    const kind = line.latest.isLts ? 'LTS' : 'stable release';
    return [
      {
        reason: `${line.product} ${line.line} is behind the latest ${kind}, ${line.latest.line}`,
        ...recommendedFix(subject),
      },
    ];
  },
};
