import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createGithubForge } from '../../src/adapters/forge/github/create-github-forge.ts';
import { createGithubClient } from '../../src/adapters/forge/github/github-client.ts';
import { asObject, listMember, member, textMember } from '../../src/domain/image/json-value.ts';
import type { ForgeStage } from './forge.contract.ts';
import { type GithubPeer, withGithubPeer } from './github-peer.ts';

export type PeerStage = ForgeStage & Pick<GithubPeer, 'ask'>;

const shop = '/repos/acme/shop';

export function withForgePeer(use: (stage: PeerStage) => Promise<void>): Promise<void> {
  return withGithubPeer(({ apiUrl, token, http, people, ask, askAs, done, commit }) => {
    const access = { apiUrl, isPrivateAllowed: true, credential: { kind: 'token', token, isOfJob: false } } as const;
    const client = createGithubClient(http, access, { clock: Date.now, pause: async () => undefined });
    return use({
      forge: createGithubForge(client),
      ask,
      commit,
      async addRepository(path) {
        const [owner, name] = path.split('/');
        await done('POST', `/orgs/${owner}/repos`, { name });
      },
      addLabel: async (name) => void (await done('POST', `${shop}/labels`, { name })),
      // Its users are known from its start.
      addTeam: () => undefined,
      addUser: (name) => assert.ok(people.includes(name), name),
      // Whoever owns the token would speak, and he opened it.
      review: () => undefined,
      merge: async (id) => void (await done('PUT', `${shop}/pulls/${id}/merge`, {})),
      async comments(id) {
        const { body } = await ask('GET', `${shop}/issues/${id}/comments`);
        assert.ok(Array.isArray(body));
        return body.map((one) => textMember(asObject(one), 'body') ?? '');
      },
      // It keeps none.
      status: () => undefined,
      runCheck: async (revision, name, state) =>
        void (await done('POST', `${shop}/check-runs`, {
          name,
          head_sha: revision,
          ...(state === 'running'
            ? { status: 'in_progress' }
            : { status: 'completed', conclusion: state === 'passed' ? 'success' : 'failure' }),
        })),
      requireCheck: async (context) =>
        void (await done('PUT', `${shop}/branches/main/protection`, {
          required_status_checks: { strict: false, contexts: [context] },
          enforce_admins: null,
          required_pull_request_reviews: null,
          restrictions: null,
        })),
      allowAutoMerge: async () => void (await done('PATCH', shop, { allow_auto_merge: true })),
      // It knows no workflows.
      addPipeline: () => undefined,
      startedRuns: () => [],
      async reviewers(id) {
        const { body } = await ask('GET', `${shop}/pulls/${id}`);
        const people = listMember(asObject(body), 'requested_reviewers') ?? [];
        return people.map((one) => textMember(asObject(one), 'login') ?? '');
      },
      async issues() {
        const { body } = await ask('GET', `${shop}/issues?state=all&per_page=100`);
        assert.ok(Array.isArray(body));
        const shown = body.flatMap((given: unknown) => {
          const one = asObject(given);
          const id = member(one, 'number');
          if (typeof id !== 'number' || member(one, 'pull_request') !== undefined) return [];
          const [state, title = '', text = ''] = ['state', 'title', 'body'].map((part) => textMember(one, part));
          return [{ id, isOpen: state === 'open', title, body: text }];
        });
        const comments = async (id: number) => {
          const { body: said } = await ask('GET', `${shop}/issues/${id}/comments`);
          assert.ok(Array.isArray(said));
          return said.map((one) => textMember(asObject(one), 'body') ?? '');
        };
        return Promise.all(
          shown
            .sort((a, b) => a.id - b.id)
            .map(async ({ id, ...one }) => ({ ...one, id: String(id), comments: await comments(id) })),
        );
      },
      openIssue: async (name, body) => void (await askAs(name, 'POST', `${shop}/issues`, { title: 'Something', body })),
      now: Date.now,
      passTime: (ms) => mock.timers.tick(ms),
    });
  });
}
