import type { Rule } from '../../rule.ts';
import { findingsOf, newerContentFix, tellFindings } from './told-findings.ts';

export const unpatchedCritical: Rule = {
  id: 'unpatched-critical',
  title: 'a CRITICAL vulnerability has a fix that the image lacks',
  policy: '5.2.2 Quality Criteria: no unpatched CRITICAL CVEs',
  why:
    'A scanner found a package in the image of which a version without a CRITICAL vulnerability exists. The image of one platform is ' +
    'scanned, that of the use where it names one, and each content once for all who build on it. Severities are those of the scanner. ' +
    'A waiver needs an approver, and no comment in a file can waive it.',
  levels: { ships: 'fail', builds: 'warn' },
  isScan: true,
  wrong: 'FROM alpine:3.24.0\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'Move to a content of the base that has the fix: the digest its tag stands for now, or a newer tag. Where the base has not been ' +
    'rebuilt yet, upgrade the package in the Dockerfile, or choose another base.',
  find(subject) {
    const found = findingsOf(subject, 'critical', (isPatchable) => isPatchable);
    if (found === undefined) return [];
    const { findings, scan, waivedClause, waived } = found;
    const count = `${findings.length} CRITICAL ${findings.length === 1 ? 'finding' : 'findings'} with a fix`;
    return [
      {
        ...waived,
        reason: `${count}${waivedClause}: ${tellFindings(findings, scan)}`,
        ...newerContentFix(
          subject,
          'pull the base anew once it has been rebuilt, or upgrade the package in the Dockerfile',
        ),
      },
    ];
  },
};
