import { objectMember, textMember } from '../../../domain/image/json-value.ts';
import { PipelineError } from '../../../ports/pipeline.ts';
import type { Session } from './session.ts';

const maxTries = 4;

/** By the API alone: no clone is needed, and the commit is signed where GitHub signs. Others that push meanwhile are kept. */
export async function pushEmptyCommit({ ask }: Session, branch: string, message: string): Promise<string> {
  const doing = `push a commit to ${branch}`;
  const purpose = { doing, permission: 'Contents: write' } as const;
  const ref = ['heads', ...branch.split('/')];
  const shaOf = (text: string | undefined): string => {
    if (text !== undefined && /^[0-9a-f]{40,64}$/.test(text)) return text;
    throw new PipelineError('malformed', `cannot ${doing}: GitHub's answer names no commit`);
  };
  for (let tries = 0; tries < maxTries; tries += 1) {
    const head = await ask(purpose, { method: 'GET', path: ['git', 'ref', ...ref] });
    const parent = shaOf(textMember(objectMember(head.body, 'object'), 'sha'));
    const present = await ask(purpose, { method: 'GET', path: ['git', 'commits', parent] });
    const tree = shaOf(textMember(objectMember(present.body, 'tree'), 'sha'));
    const body = { message, tree, parents: [parent] };
    const made = await ask(purpose, { method: 'POST', path: ['git', 'commits'], body });
    const sha = shaOf(textMember(made.body, 'sha'));
    const moved = { method: 'PATCH', path: ['git', 'refs', ...ref], body: { sha, force: false } } as const;
    const answer = await ask(purpose, moved, [422]);
    if (answer.status < 400) return sha;
    if (!/fast.forward/i.test(textMember(answer.body, 'message') ?? ''))
      throw new PipelineError(
        'invalid',
        `cannot ${doing}: GitHub refuses it, as for a protected branch; let the token pass its rules, or set --commit-and-release false`,
      );
  }
  throw new PipelineError('conflict', `cannot ${doing}: others push to it all the time; run it again`);
}
