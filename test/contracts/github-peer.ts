import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createEmulator } from 'emulate';
import { createGithubForge } from '../../src/adapters/forge/github/create-github-forge.ts';
import { createGithubClient } from '../../src/adapters/forge/github/github-client.ts';
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { asObject, type JsonObject, objectMember, textMember } from '../../src/domain/image/json-value.ts';
import type { ForgeStage } from './forge.contract.ts';

export type PeerAnswer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

export type PeerStage = ForgeStage & {
  /** As the keeper, who owns everything. @param path below the peer's address */
  ask(method: string, path: string, body?: object): Promise<PeerAnswer>;
};

const token = 'ghp_keeper';
const people = ['keeper', 'ada'];
const shop = '/repos/acme/shop';

/** The GitHub of `emulate`, which others wrote: what it and our fake agree on is nobody's own idea of GitHub. */
export async function withGithubPeer(use: (stage: PeerStage) => Promise<void>): Promise<void> {
  // The peer runs in this process and asks it for the time.
  mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 10, 25, 8) });
  const peer = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { [token]: { login: 'keeper', scopes: ['repo', 'admin:org', 'user'] } },
      github: {
        users: people.map((login) => ({ login })),
        orgs: ['acme', 'other'].map((login) => ({ login, members: [{ login: 'keeper', role: 'admin' }] })),
        repos: [{ owner: 'acme', name: 'shop', auto_init: true }],
      },
    },
  });
  const http = createHttpClient();
  try {
    const url = peer.url.replace('localhost', '127.0.0.1');
    const stage = stageAt(url, createHttpForge(http, url));
    await stage.commit('main', { Dockerfile: 'FROM node:22\n', 'README.md': undefined });
    await use(stage);
  } finally {
    await http.close();
    await peer.close();
    mock.timers.reset();
  }
}

function createHttpForge(http: ReturnType<typeof createHttpClient>, apiUrl: string) {
  const access = { apiUrl, isPrivateAllowed: true, credential: { kind: 'token', token, isOfJob: false } } as const;
  return createGithubForge(createGithubClient(http, access, { clock: Date.now, pause: async () => undefined }));
}

function stageAt(url: string, forge: ForgeStage['forge']): PeerStage {
  async function ask(method: string, path: string, body?: object): Promise<PeerAnswer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  async function done(method: string, path: string, body?: object): Promise<JsonObject | undefined> {
    const { status, body: given } = await ask(method, path, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(given)}`);
    return asObject(given);
  }

  async function findHead(branch: string): Promise<string | undefined> {
    const { body } = await ask('GET', `${shop}/git/ref/heads/${branch}`);
    return textMember(objectMember(asObject(body), 'object'), 'sha');
  }

  return {
    forge,
    ask,
    async commit(branch, files) {
      const head = await findHead(branch);
      const parent = head ?? (await findHead('main'));
      const before = await done('GET', `${shop}/git/commits/${parent}`);
      const tree = Object.entries(files).map(([path, content]) => ({
        path,
        mode: '100644',
        type: 'blob',
        ...(content === undefined ? { sha: null } : { content }),
      }));
      const base = textMember(objectMember(before, 'tree'), 'sha');
      const after = textMember(await done('POST', `${shop}/git/trees`, { base_tree: base, tree }), 'sha');
      const commit = { message: `change ${branch}`, tree: after, parents: [parent] };
      const sha = textMember(await done('POST', `${shop}/git/commits`, commit), 'sha') ?? '';
      if (head === undefined) await done('POST', `${shop}/git/refs`, { ref: `refs/heads/${branch}`, sha });
      else await done('PATCH', `${shop}/git/refs/heads/${branch}`, { sha });
      return sha;
    },
    async addRepository(path) {
      const [owner, name] = path.split('/');
      await done('POST', `/orgs/${owner}/repos`, { name });
    },
    addLabel: async (name) => void (await done('POST', `${shop}/labels`, { name })),
    // Its users are known from its start.
    addUser: (name) => assert.ok(people.includes(name), name),
    merge: async (id) => void (await done('PUT', `${shop}/pulls/${id}/merge`, {})),
    async comments(id) {
      const { body } = await ask('GET', `${shop}/issues/${id}/comments`);
      assert.ok(Array.isArray(body));
      return body.map((one) => textMember(asObject(one), 'body') ?? '');
    },
    // It keeps none.
    status: () => undefined,
    now: Date.now,
    passTime: (ms) => mock.timers.tick(ms),
  };
}
