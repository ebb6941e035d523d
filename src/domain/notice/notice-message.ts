import type { Instant } from '../source/instant.ts';
import type { Notice } from './notice.ts';

/** All that a team is told in one run. Texts are for people; whatever names are in them may have been chosen by an attacker. */
export type NoticeMessage = {
  readonly team: string;
  readonly at: Instant;
  /** One line. */
  readonly title: string;
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[];
  /** One line under all of it; says what was left out. */
  readonly footer: string;
  /** What it was written of, for programs. */
  readonly notices: readonly Notice[];
};
