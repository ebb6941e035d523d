import { gunzipSync } from 'node:zlib';
import { maybe, revisionOf } from '../bare-repository.ts';
import { git } from '../git-server.ts';
import { maySee, mustHave } from './access.ts';
import { mergeWaiting } from './merging.ts';
import { invalid, notFound, Refused } from './refused.ts';
import type { Question, Routes } from './routes.ts';
import type { Repository } from './state.ts';

/** The repository that is named, if it may be seen. */
export function repositoryOf({ state, reader, named }: Question): Repository {
  const path = `${named('owner')}/${named('repo')}`.toLowerCase();
  const found = state.repositories.find(({ owner, name }) => `${owner}/${name}`.toLowerCase() === path);
  if (found === undefined || !maySee(reader, found)) throw notFound();
  return found;
}

export const repositoryRoutes: Routes = {
  'GET /repos/{owner}/{repo}': (question) => ({
    status: 200,
    body: question.describe.repository('full-repository', repositoryOf(question), question.reader.token?.login),
  }),
  'GET /repos/{owner}/{repo}/contents/{path}': (question) => {
    const { describe, query, named, reader } = question;
    const one = repositoryOf(question);
    mustHave(reader, one, 'contents', 'read');
    const revision = revisionOf(one.folder, query.get('ref') ?? 'main');
    if (revision === undefined) throw new Refused(404, `No commit found for the ref ${query.get('ref')}`);
    const object = `${revision}:${named('path')}`;
    const sha = maybe(() => git(one.folder, 'rev-parse', '--verify', '-q', object));
    if (sha === undefined) throw notFound();
    if (git(one.folder, 'cat-file', '-t', sha) === 'tree') return { status: 200, body: [] };
    // Its end is a line's, which the test's git cuts.
    const size = Number(git(one.folder, 'cat-file', '-s', sha));
    const shown = git(one.folder, 'cat-file', 'blob', sha);
    const text = shown + '\n'.repeat(Math.max(0, size - Buffer.byteLength(shown)));
    return { status: 200, body: describe.file(one, named('path'), text, sha) };
  },
  'GET /repos/{owner}/{repo}/labels': (question) => ({
    status: 200,
    body: repositoryOf(question).labels.map(question.describe.label),
  }),
  'POST /repos/{owner}/{repo}/labels': (question) => {
    const { body, describe, reader } = question;
    const one = repositoryOf(question);
    mustHave(reader, one, 'issues', 'write');
    const name = String(body['name'] ?? '');
    if (one.labels.some((label) => label.toLowerCase() === name.toLowerCase()))
      throw new Refused(422, 'Validation Failed', {
        errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
      });
    if (name.trim() === '' || name.length > 50) throw invalid('Label', 'name is invalid');
    one.labels.push(name);
    return { status: 201, body: describe.label(name, one.labels.length - 1) };
  },
  'POST /repos/{owner}/{repo}/statuses/{sha}': (question) => {
    const { state, body, describe, named, reader } = question;
    const one = repositoryOf(question);
    mustHave(reader, one, 'statuses', 'write');
    const revision = named('sha');
    if (revisionOf(one.folder, revision) !== revision) throw new Refused(422, `No commit found for SHA: ${revision}`);
    const description = typeof body['description'] === 'string' ? body['description'] : null;
    if ((description ?? '').length > 140)
      throw invalid('Status', 'description is too long (maximum is 140 characters)');
    const status = {
      id: state.nextId++,
      revision,
      context: String(body['context'] ?? 'default'),
      state: String(body['state']),
      description,
      targetUrl: typeof body['target_url'] === 'string' ? body['target_url'] : null,
      createdAt: state.now,
    };
    one.statuses.push(status);
    mergeWaiting(one, state.now);
    return { status: 201, body: describe.status(status, reader.token?.login ?? '') };
  },
  'POST /repos/{owner}/{repo}/code-scanning/sarifs': (question) => {
    const { body, reader } = question;
    const one = repositoryOf(question);
    mustHave(reader, one, 'security_events', 'write');
    const [revision, ref] = [String(body['commit_sha']), String(body['ref'])];
    if (!/^[0-9a-f]{40}$/.test(revision) || !/^refs\/(heads|pull|tags)\//.test(ref))
      throw new Refused(422, 'Invalid request.');
    const packed = Buffer.from(String(body['sarif']), 'base64');
    one.analyses.push({ revision, ref, sarif: gunzipSync(packed).toString() });
    return { status: 202, body: { id: String(one.analyses.length) } };
  },
};
