import type { Lifecycle } from '../domain/catalog/image-facts.ts';

/** `supported, until 2028-04-30, LTS; latest LTS is 26` */
export function lifecycleSentence({ state, supportEndsOn, isLts, latest }: Lifecycle): string {
  const end =
    supportEndsOn === undefined
      ? 'no end known'
      : state === 'ended'
        ? `ended ${supportEndsOn}`
        : `until ${supportEndsOn}`;
  const words = {
    supported: 'supported',
    'long-term-only': 'long-term support only',
    ended: 'past its end of life',
    unreleased: 'not released',
  }[state];
  return `${words}, ${end}${isLts ? ', LTS' : ''}; latest ${latest.isLts ? 'LTS' : 'stable'} is ${latest.line}`;
}
