import type { Rule } from '../../rule.ts';
import { findingsOf, newerContentFix, tellFindings } from './told-findings.ts';

export const highFindings: Rule = {
  id: 'high-findings',
  title: 'the image has HIGH vulnerabilities',
  policy: '5.2.2 Quality Criteria: no unpatched CRITICAL CVEs',
  why:
    'A scanner found HIGH vulnerabilities in the image. They do not break the criterion, which is about CRITICAL ones; those with a fix ' +
    'are told first, since a newer content of the base may be free of them.',
  levels: { ships: 'warn', builds: 'info' },
  isScan: true,
  wrong: 'FROM alpine:3.24.0\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy: 'Move to a newer content of the base where there is a fix; where there is none, to a smaller base.',
  find(subject) {
    const found = findingsOf(subject, 'high', () => true);
    if (found === undefined) return [];
    const { findings, scan, waivedClause, waived } = found;
    const patchable = findings.filter(({ fixedVersion }) => fixedVersion !== undefined);
    const [total, withFix] = [findings.length, patchable.length];
    const told = withFix === 0 ? findings : patchable;
    const fixes = withFix === 0 ? 'none with a fix' : `${withFix === total ? '' : `${withFix} `}with a fix`;
    const count = `${total} HIGH ${total === 1 ? 'finding' : 'findings'}${withFix === total ? ' ' : ', '}${fixes}`;
    return [
      {
        ...waived,
        reason: `${count}${waivedClause}: ${tellFindings(told, scan)}`,
        ...(withFix === 0 ? {} : newerContentFix(subject, 'pull the base anew once it has been rebuilt')),
      },
    ];
  },
};
