import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createEmulator } from 'emulate';
import { createHttpClient, type HttpClient } from '../../src/adapters/http/http-client.ts';
import { asObject, type JsonObject, objectMember, textMember } from '../../src/domain/image/json-value.ts';

export type PeerAnswer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** Its `acme/shop` has `main` with a Dockerfile and a workflow, of one commit, `start`. */
export type GithubPeer = {
  readonly apiUrl: string;
  /** Of the keeper, who owns everything. */
  readonly token: string;
  readonly http: HttpClient;
  readonly people: readonly string[];
  /** As the keeper. @param path below the peer's address */
  ask(method: string, path: string, body?: object): Promise<PeerAnswer>;
  /** As one of the people. */
  askAs(name: string, method: string, path: string, body?: object): Promise<PeerAnswer>;
  /** As `ask`; a refusal fails the test. */
  done(method: string, path: string, body?: object): Promise<JsonObject | undefined>;
  /** Upon a branch; a new one begins at `main`. @param files `undefined` removes one. */
  commit(branch: string, files: Readonly<Record<string, string | undefined>>): Promise<string>;
};

const people = ['keeper', 'ada', 'bob'];
const tokenOf = (login: string) => `ghp_${login}`;
const token = tokenOf('keeper');
const scopes = ['repo', 'admin:org', 'user'];
const git = '/repos/acme/shop/git';

/** The GitHub of `emulate`, which others wrote: what it and our fake agree on is nobody's own idea of GitHub. */
export async function withGithubPeer(use: (peer: GithubPeer) => Promise<void>): Promise<void> {
  // The peer runs in this process and asks it for the time.
  mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 10, 25, 8) });
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: Object.fromEntries(people.map((login) => [tokenOf(login), { login, scopes }])),
      github: {
        users: people.map((login) => ({ login })),
        orgs: ['acme', 'other'].map((login) => ({ login, members: [{ login: 'keeper', role: 'admin' }] })),
        repos: [{ owner: 'acme', name: 'shop', auto_init: true }],
      },
    },
  });
  const http = createHttpClient();
  try {
    const peer = peerAt(emulator.url.replace('localhost', '127.0.0.1'), http);
    const workflow = entryOf('.github/workflows/release.yml', 'on: workflow_dispatch\n');
    const tree = [entryOf('Dockerfile', 'FROM node:22\n'), workflow];
    const made = await peer.done('POST', `${git}/trees`, { tree });
    const start = { message: 'start', tree: textMember(made, 'sha'), parents: [] };
    const sha = textMember(await peer.done('POST', `${git}/commits`, start), 'sha');
    await peer.done('PATCH', `${git}/refs/heads/main`, { sha, force: true });
    await use(peer);
  } finally {
    await http.close();
    await emulator.close();
    mock.timers.reset();
  }
}

function entryOf(path: string, content: string | undefined): object {
  return { path, mode: '100644', type: 'blob', ...(content === undefined ? { sha: null } : { content }) };
}

function peerAt(apiUrl: string, http: HttpClient): GithubPeer {
  const ask = (method: string, path: string, body?: object) => askAs('keeper', method, path, body);

  async function askAs(name: string, method: string, path: string, body?: object): Promise<PeerAnswer> {
    const headers = { authorization: `Bearer ${tokenOf(name)}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(apiUrl + path, { method, headers, ...sent });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  async function done(method: string, path: string, body?: object): Promise<JsonObject | undefined> {
    const { status, body: given } = await ask(method, path, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(given)}`);
    return asObject(given);
  }

  async function findHead(branch: string): Promise<string | undefined> {
    const { body } = await ask('GET', `${git}/ref/heads/${branch}`);
    return textMember(objectMember(asObject(body), 'object'), 'sha');
  }

  async function commit(branch: string, files: Readonly<Record<string, string | undefined>>): Promise<string> {
    const head = await findHead(branch);
    const parent = head ?? (await findHead('main'));
    const before = await done('GET', `${git}/commits/${parent}`);
    const tree = Object.entries(files).map(([path, content]) => entryOf(path, content));
    const base = textMember(objectMember(before, 'tree'), 'sha');
    const after = textMember(await done('POST', `${git}/trees`, { base_tree: base, tree }), 'sha');
    const made = { message: `change ${branch}`, tree: after, parents: [parent] };
    const sha = textMember(await done('POST', `${git}/commits`, made), 'sha') ?? '';
    if (head === undefined) await done('POST', `${git}/refs`, { ref: `refs/heads/${branch}`, sha });
    else await done('PATCH', `${git}/refs/heads/${branch}`, { sha });
    return sha;
  }

  return { apiUrl, token, http, people, ask, askAs, done, commit };
}
