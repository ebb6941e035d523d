import type { CommitFacts } from '../../ports/branches.ts';

/** Reads a commit as git stores it: parents that were not fetched are told too. */
export function readCommit(revision: string, text: string): CommitFacts {
  const end = text.indexOf('\n\n');
  const lines = (end < 0 ? text : text.slice(0, end)).split('\n');
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    revision,
    parents: values('parent'),
    authorEmail: emailOf(values('author')[0]),
    committerEmail: emailOf(values('committer')[0]),
    message: end < 0 ? '' : text.slice(end + 2),
  };
}

function emailOf(identity = ''): string {
  return identity.slice(identity.indexOf('<') + 1, identity.lastIndexOf('>'));
}
