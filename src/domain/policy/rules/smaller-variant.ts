import { familiarReference } from '../../image/reference.ts';
import type { Rule } from '../rule.ts';
import { recommendedFix } from './recommended-fix.ts';

export const smallerVariant: Rule = {
  id: 'smaller-variant',
  title: 'a smaller variant of the same version exists',
  policy: '5.2.2 Quality Criteria: Minimal Size',
  why: 'What is not in the image cannot be vulnerable. Slim, alpine and chiseled variants carry the same software without compilers, documentation and tools.',
  levels: { ships: 'warn', builds: 'info' },
  wrong: 'FROM python:3.14\nUSER 65532\nCMD ["python", "app.py"]\n',
  right: 'FROM python:3.14-slim\nUSER 65532\nCMD ["python", "app.py"]\n',
  remedy:
    'Use the variant named in the finding. Alpine has another C library (musl): native modules must be built for it.',
  find(subject) {
    const { facts } = subject;
    const smallest = facts?.smaller[0];
    if (facts === undefined || smallest === undefined) return [];
    const variants = facts.smaller.map(({ reference, sizeBytes }) => {
      const size = sizeBytes === undefined ? '' : ` (${megabytes(sizeBytes)})`;
      return `${familiarReference(reference)}${size}`;
    });
    const own = facts.sizeBytes === undefined ? '' : ` than ${megabytes(facts.sizeBytes)}`;
    return [
      {
        reason: `smaller${own}: ${variants.join(', ')}`,
        ...recommendedFix(subject, `use ${familiarReference(smallest.reference)}`),
      },
    ];
  },
};

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
