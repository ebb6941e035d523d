import type { Rule } from '../../rule.ts';
import { findingsOf, tellFindings } from './told-findings.ts';

export const unfixedCritical: Rule = {
  id: 'unfixed-critical',
  title: 'a CRITICAL vulnerability has no fix yet',
  policy: '5.2.2 Quality Criteria: no unpatched CRITICAL CVEs',
  why:
    'A scanner found a CRITICAL vulnerability of which no version is free: its distribution has not published one, or will not. No ' +
    'update of this base mends it; another base may not have the package at all. Each newer database is asked again, without pulling ' +
    'the image.',
  levels: { ships: 'warn', builds: 'info' },
  isScan: true,
  wrong: 'FROM alpine:3.24.0\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'Choose a smaller base that does not carry the package, or remove it; where neither can be, waive it with an approver.',
  find(subject) {
    const found = findingsOf(subject, 'critical', (isPatchable) => !isPatchable);
    if (found === undefined) return [];
    const { findings, scan, waivedClause, waived } = found;
    const count = `${findings.length} CRITICAL ${findings.length === 1 ? 'finding' : 'findings'} without a fix`;
    return [
      {
        ...waived,
        reason: `${count}${waivedClause}: ${tellFindings(findings, scan)}`,
        fix: 'choose a base without the package',
      },
    ];
  },
};
