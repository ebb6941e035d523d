import { objectMember, parseJsonObject, textMember } from '../../../domain/image/json-value.ts';
import type { StateChange } from '../../../domain/image-monitor/state-changes.ts';
import { type Pipeline, PipelineError } from '../../../ports/pipeline.ts';
import type { Session } from './session.ts';

/** Of its own, without the history of any other. */
const stateBranch = 'basekeeper-state';

const file = 'image-monitor.json';
const maxTries = 4;
const reading = { doing: `read ${file} of the branch ${stateBranch}`, permission: 'Contents: read' } as const;
const writing = { doing: `write ${file} of the branch ${stateBranch}`, permission: 'Contents: write' } as const;

type Kept = { readonly values: ReadonlyMap<string, string>; readonly sha: string | undefined };

/** State as one file in a branch of its own: a job's own token is enough, and its history tells what was seen when. */
export function stateInBranch(session: Session): Pick<Pipeline, 'readState' | 'prepareState' | 'writeState'> {
  return {
    async readState(names) {
      const { values } = await read(session);
      return new Map([...values].filter(([name]) => names.includes(name)));
    },
    async prepareState() {
      const { sha } = await read(session);
      // The first write of all is made now, empty; later ones go the same way.
      if (sha === undefined) await write(session, textOf(new Map()), sha);
    },
    async writeState(changes) {
      if (changes.length === 0) return;
      for (let tries = 0; tries < maxTries; tries += 1) {
        const kept = await read(session);
        const text = textOf(changed(kept.values, changes));
        if (await write(session, text, kept.sha)) return;
      }
      throw new PipelineError('conflict', `cannot ${writing.doing}: others write to it all the time; run it again`);
    },
  };
}

async function read({ ask }: Session): Promise<Kept> {
  const path = ['contents', file];
  const { status, body } = await ask(reading, { method: 'GET', path, query: { ref: stateBranch } }, [404]);
  if (status === 404) return { values: new Map(), sha: undefined };
  const content = Buffer.from(textMember(body, 'content') ?? '', 'base64').toString('utf8');
  const values = objectMember(parseJsonObject(content), 'values');
  // Starting anew would take every image for a new one.
  if (values === undefined)
    throw new PipelineError(
      'malformed',
      `cannot ${reading.doing}: it is no state; repair it, or delete the branch to begin anew`,
    );
  const entries = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return { values: new Map(entries), sha: textMember(body, 'sha') };
}

function changed(values: Kept['values'], changes: readonly StateChange[]): Kept['values'] {
  const next = new Map(values);
  for (const { name, value } of changes) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

function textOf(values: Kept['values']): string {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ values: Object.fromEntries(sorted) }, undefined, 2)}\n`;
}

/** @returns `false` when others were faster. */
async function write(session: Session, text: string, sha: string | undefined): Promise<boolean> {
  const message = 'Remember the digests that were seen [skip ci]';
  const body = { message, content: Buffer.from(text).toString('base64'), branch: stateBranch };
  const request = {
    method: 'PUT',
    path: ['contents', file],
    body: { ...body, ...(sha === undefined ? {} : { sha }) },
  } as const;
  const { status } = await session.ask(writing, request, [404, 409, 422]);
  if (status < 400) return true;
  if (status !== 404) return false;
  return startBranch(session, text, message);
}

/** The first commit has no parent: nothing of the project's files is in the branch. */
async function startBranch({ ask }: Session, text: string, message: string): Promise<boolean> {
  const entry = { path: file, mode: '100644', type: 'blob', content: text };
  const tree = await ask(writing, { method: 'POST', path: ['git', 'trees'], body: { tree: [entry] } });
  const commit = await ask(writing, {
    method: 'POST',
    path: ['git', 'commits'],
    body: { message, tree: textMember(tree.body, 'sha'), parents: [] },
  });
  const ref = { ref: `refs/heads/${stateBranch}`, sha: textMember(commit.body, 'sha') };
  const { status } = await ask(writing, { method: 'POST', path: ['git', 'refs'], body: ref }, [422]);
  return status < 400;
}
