import type { Lifecycle } from '../../domain/catalog/image-facts.ts';
import type { JudgedUse } from '../../flows/check-result.ts';
import { familiar } from '../familiar.ts';

/** Why a use was judged as it was, in sentences: category and its pattern, source and date, life cycle, pin. */
export function evidenceOf(use: JudgedUse): readonly string[] {
  const { evidence } = use;
  const facts = evidence?.facts;
  const sentences: string[] = [];
  if (evidence?.matched !== null && evidence?.matched !== undefined)
    sentences.push(`${evidence.matched.category}: ${evidence.matched.why} (${evidence.matched.pattern})`);
  if (evidence?.chain !== undefined) sentences.push(`built on ${evidence.chain.map(familiar).join(' → ')}`);
  if (facts?.evidence !== undefined)
    sentences.push(
      `${publisherWord(facts.publisher)}${facts.publisherName === undefined ? '' : ` ${facts.publisherName}`}, ${facts.evidence.name} as of ${facts.evidence.date}`,
    );
  for (const line of [facts?.lifecycle, facts?.os]) if (line !== undefined) sentences.push(lifecycleSentence(line));
  if (facts !== undefined && facts.tagState !== 'unlisted') sentences.push(`tag ${facts.tagState}`);
  if (use.reference?.includes('@') === true) sentences.push('digest pinned');
  return sentences;
}

function publisherWord(publisher: string): string {
  return (
    {
      'docker-official': 'Docker Official Image',
      vendor: 'vendor',
      retired: 'retired Docker Official Image',
      unlisted: 'in no list of official images',
    }[publisher] ?? 'publisher unknown'
  );
}

function lifecycleSentence({ product, line, supportEndsOn, state, isLts }: Lifecycle): string {
  const end =
    supportEndsOn === undefined
      ? ''
      : state === 'ended'
        ? `, ended ${supportEndsOn}`
        : `, supported until ${supportEndsOn}`;
  return `${product} ${line}${isLts ? ' LTS' : ''}${end}`;
}
