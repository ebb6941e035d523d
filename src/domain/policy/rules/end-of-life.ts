import type { Lifecycle } from '../../catalog/image-facts.ts';
import type { Rule, RuleFinding } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const endOfLife: Rule = {
  id: 'end-of-life',
  title: 'the release is past its end of life',
  policy: '5.2.2 Quality Criteria: Current Version',
  why:
    'After the end of free public support nobody fixes vulnerabilities in the release any more. The end of Debian counts with its LTS; ' +
    'paid support does not count. Both the product in the image and the operating system underneath are looked at; where the catalog does not know it, what a ' +
    'scanner says of the system counts (`--scan`).',
  levels: { ships: 'fail', builds: 'warn' },
  wrong: 'FROM node:16-alpine\nUSER node\nCMD ["node", "server.js"]\n',
  right: 'FROM node:26-alpine\nUSER node\nCMD ["node", "server.js"]\n',
  remedy:
    'Move to the latest LTS line, or the latest stable line where the product has no LTS, and test. Where that takes time, add a waiver with an end date.',
  find(subject) {
    const { scan } = subject;
    const ended = [subject.facts?.lifecycle, subject.facts?.os].filter((line) => line?.state === 'ended');
    if (ended.length === 0 && scan?.kind === 'scanned' && scan.isEndOfLife)
      return [{ reason: `its system is past its end of life, says ${scan.scanner}`, ...recommendedFix(subject) }];
    return ended.map((line): RuleFinding => ({ reason: ending(line), ...recommendedFix(subject) }));
  },
};

function ending(line: Lifecycle | undefined): string {
  if (line === undefined) return 'past its end of life';
  const when =
    line.supportEndsOn === undefined ? 'is no longer supported' : `reached its end of life on ${line.supportEndsOn}`;
  return `${line.product} ${line.line} ${when}`;
}
