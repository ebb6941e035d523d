import type { Rule } from '../../rule.ts';

export const scanUnanswered: Rule = {
  id: 'scan-unanswered',
  title: 'what is vulnerable in the image could not be told',
  policy: '5.2.2 Quality Criteria: no unpatched CRITICAL CVEs',
  why:
    'A scanner that is missing, late or broken, a registry that does not hand out the image, a vulnerability database that is too old, ' +
    'and an image in which the scanner knows neither system nor packages say nothing, neither good nor bad: no findings are never told ' +
    'as clean. The run then ends with exit code 3. What has nothing inside, scratch, is not scanned.',
  levels: { ships: 'unknown', builds: 'unknown' },
  isScan: true,
  wrong: 'FROM registry.example.com/team/base:1\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'The finding says what stood in the way: install the scanner or let it fetch a newer database, log in where an image is refused, ' +
    'and waive by name what no scanner can see into.',
  find({ scan }) {
    switch (scan?.kind) {
      case 'unscannable':
      case 'stale':
      case 'failed':
        return [{ reason: `could not verify its vulnerabilities: ${scan.message}` }];
      case 'scanned':
      case undefined:
        return [];
    }
  },
};
