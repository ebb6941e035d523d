import type { GithubAnswer } from './github-answer.ts';

/** Answers with their ETags, in memory: asking again for one that has not changed costs nothing of the hourly limit. */
export type KeptAnswers = {
  /** @param key all that the answer depends on */
  find(key: string): GithubAnswer | undefined;
  /** The oldest go first. An answer without ETag is not kept. */
  keep(key: string, answer: GithubAnswer): void;
};

// A repository asks for about five lists and files; of a page of a list there are some hundred kB at most.
const maxAnswers = 100;

export function createKeptAnswers(): KeptAnswers {
  const answers = new Map<string, GithubAnswer>();
  return {
    find: (key) => answers.get(key),
    keep(key, answer) {
      answers.delete(key);
      if (answer.headers['etag'] === undefined) return;
      answers.set(key, answer);
      const oldest = answers.keys().next();
      if (answers.size > maxAnswers && oldest.done !== true) answers.delete(oldest.value);
    },
  };
}
