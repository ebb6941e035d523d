import type { SmallerVariant } from '../../catalog/image-facts.ts';
import { familiarReference } from '../../image/reference.ts';
import type { Rule, RuleSubject } from '../rule.ts';

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
        fix: fixFor(subject, smallest),
      },
    ];
  },
};

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Slim is what the line to write proposes; the others change the C library or leave out the shell, and say so. */
function fixFor({ facts }: RuleSubject, smallest: SmallerVariant): string {
  const recommended = facts?.recommended?.reference;
  if (recommended?.tag?.includes('slim') === true) return `use ${familiarReference(recommended)}`;
  const name = familiarReference(smallest.reference);
  const tag = smallest.reference.tag ?? '';
  if (tag.includes('alpine')) return `try ${name}: its C library is musl, so native modules must be built for it`;
  if (/chiseled|distroless/.test(tag)) return `try ${name}: it has no shell and no package manager`;
  return `use ${name}`;
}
