import type { ImageFacts, Lifecycle } from '../../domain/catalog/image-facts.ts';
import type { JudgedUse } from '../../flows/check-result.ts';
import { familiar } from '../familiar.ts';
import { registrySentences } from '../registry-sentences.ts';

/** Why a use was judged as it was, in sentences: category and its pattern, source and date, life cycle, pin. */
export function evidenceOf(use: JudgedUse): readonly string[] {
  const { evidence } = use;
  const facts = evidence?.facts;
  const sentences: string[] = [];
  if (evidence?.matched !== null && evidence?.matched !== undefined)
    sentences.push(`${evidence.matched.category}: ${evidence.matched.why} (${evidence.matched.pattern})`);
  if (evidence?.chain !== undefined) sentences.push(`built on ${evidence.chain.map(familiar).join(' → ')}`);
  if (facts?.evidence !== undefined)
    sentences.push(`${publisherWord(facts)} (${facts.evidence.name}, ${facts.evidence.date})`);
  for (const line of [facts?.lifecycle, facts?.os]) if (line !== undefined) sentences.push(lifecycleSentence(line));
  if (facts !== undefined && facts.tagState !== 'unlisted') sentences.push(`tag ${facts.tagState}`);
  if (use.reference?.includes('@') === true) sentences.push('digest pinned');
  if (evidence?.registry !== undefined) sentences.push(...registrySentences(evidence.registry));
  return sentences;
}

function publisherWord({ publisher, publisherName }: ImageFacts): string {
  switch (publisher) {
    case 'docker-official':
      return 'a Docker Official Image';
    case 'vendor':
      return `published by ${publisherName ?? 'its vendor'}`;
    case 'retired':
      return 'once a Docker Official Image, retired';
    case 'unlisted':
      return 'in no list of official images';
    case 'unknown':
      return 'publisher unknown';
  }
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
