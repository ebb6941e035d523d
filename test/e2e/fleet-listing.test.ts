import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request as ask } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import type { FleetProposals } from '../../src/flows/update/fleet-proposals.ts';
import { commitTo } from '../fakes/bare-repository.ts';
import { type GitServer, git, loopbackCertificate, loopbackKey, startGitServer } from '../fakes/git-server.ts';
import { type FakeGithub, startFakeGithub } from '../fakes/github/fake-github.ts';
import { type FakeGitlab, startFakeGitlab } from '../fakes/gitlab/fake-gitlab.ts';
import { basekeeper, type Run } from './command.ts';
import { startMonitored } from './monitored.ts';

type Forge = {
  /** Its API and its git. */
  readonly host: string;
  readonly env: Readonly<Record<string, string>>;
  /** With `FROM nginx:1.28.0` on `main`. */
  readonly add: (path: string, state?: 'archived' | 'fork') => void;
  /** Where it says that its git is. */
  readonly sendTo: (origin: string) => void;
  /** Titles of its pull requests. */
  readonly pulls: (path: string) => readonly string[];
  readonly close: () => Promise<void>;
};

const secret = 'ghp_of_the_keeper';
const dockerfile = { Dockerfile: 'FROM nginx:1.28.0\n' };

async function startGithub(server: GitServer): Promise<Forge> {
  const { movable, ...git } = atAnyAddress(server);
  const github: FakeGithub = await startFakeGithub(movable);
  github.addUser('keeper');
  github.state.tokens.set(secret, { login: 'keeper', scopes: ['repo', 'read:org'] });
  return {
    host: new URL(server.origin).host,
    env: { GITHUB_SERVER_URL: server.origin, GITHUB_API_URL: github.origin, GITHUB_TOKEN: secret },
    add(path, state) {
      const made = github.addRepository(path);
      made.collaborators.add('keeper');
      Object.assign(made, { isArchived: state === 'archived', isFork: state === 'fork' });
      fill(made.folder);
    },
    sendTo: git.sendTo,
    pulls: (path) => github.repository(path).pulls.map(({ title }) => title),
    close: () => github.close(),
  };
}

/** As GitLab is: its pages, its API and its git behind one address. */
async function startGitlab(server: GitServer): Promise<Forge> {
  const { movable, ...git } = atAnyAddress(server);
  const gitlab: FakeGitlab = await startFakeGitlab(movable);
  const door = createServer(
    { cert: readFileSync(loopbackCertificate), key: readFileSync(loopbackKey) },
    (incoming, outgoing) => {
      const isOfApi = incoming.url?.startsWith('/api/') === true;
      const { hostname, port } = new URL(isOfApi ? gitlab.origin : server.origin);
      const { method = 'GET', url: path, headers } = incoming;
      const onward = ask({ hostname, port, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    },
  );
  await new Promise<void>((listening) => door.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${(door.address() as AddressInfo).port}`;
  const front = `https://${host}`;
  git.sendTo(front);
  const keeper = gitlab.addUser('keeper');
  gitlab.state.tokens.set(secret, { userId: keeper.id, scope: 'api' });
  return {
    host,
    env: { GITLAB_HOST: front, GITLAB_TOKEN: secret, NODE_EXTRA_CA_CERTS: loopbackCertificate },
    add(path, state) {
      const made = gitlab.addProject(path);
      made.members.set(keeper.id, 40);
      Object.assign(made, { isArchived: state === 'archived', ...(state === 'fork' ? { forkedFromId: 1 } : {}) });
      fill(made.folder);
    },
    sendTo: git.sendTo,
    pulls: (path) =>
      gitlab.state.projects.find((one) => one.path === path)?.mergeRequests.map(({ title }) => title) ?? [],
    async close() {
      door.closeAllConnections();
      await new Promise((closed) => door.close(closed));
      await gitlab.close();
    },
  };
}

function atAnyAddress(server: GitServer) {
  let { origin } = server;
  const movable: GitServer = {
    ...server,
    get origin() {
      return origin;
    },
  };
  return {
    movable,
    sendTo(moved: string) {
      origin = moved;
    },
  };
}

function fill(folder: string): void {
  git(folder, 'config', 'uploadpack.allowFilter', 'true');
  git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  commitTo(folder, 'main', dockerfile);
}

type Stage = Forge & {
  readonly run: (fleet: string, ...args: readonly string[]) => Promise<Run>;
};

const forges = {
  github: { isSecure: true, start: startGithub, key: 'github', owner: 'org: acme' },
  gitlab: { isSecure: false, start: startGitlab, key: 'gitlab', owner: 'group: acme' },
} as const;

async function listing(kind: keyof typeof forges, use: (stage: Stage) => Promise<void>): Promise<void> {
  const server = await startGitServer({ isSecure: forges[kind].isSecure });
  const { hub, path, env, close } = await startMonitored({});
  const forge = await forges[kind].start(server);
  try {
    const platforms = ['linux/amd64', 'linux/arm64/v8'];
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    await use({
      ...forge,
      async run(fleet, ...args) {
        await writeFile(join(path, 'fleet.yaml'), `version: 1\n${fleet}`);
        return basekeeper([...args, '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', '2026-11-25'], {
          cwd: path,
          env: { ...env, ...forge.env, GIT_SSL_CAINFO: loopbackCertificate },
        });
      },
    });
  } finally {
    await forge.close();
    await server.close();
    await close();
  }
}

const leftOut = { byName: 1, archived: 1, forks: 1, inFile: 1 };

for (const kind of ['github', 'gitlab'] as const) {
  const { key, owner } = forges[kind];
  const addAll = (add: Forge['add']) => {
    add('acme/base');
    add('acme/shop');
    add('acme/web-api');
    add('acme/old', 'archived');
    add('acme/copy', 'fork');
    add('acme/notes');
    add('other/secret');
  };

  test(`${kind}: what an organisation has is monitored, and what is left out is counted`, () =>
    listing(kind, async ({ host, add, run }) => {
      addAll(add);
      const fleet = `${key}: { ${owner}, host: "${host}", exclude: [notes] }\nrepositories:\n  - { url: "https://${host}/acme/shop", team: shop }\n`;
      const { code, stdout, stderr } = await run(fleet, 'monitor', '--json');
      assert.equal(code, 0, stdout + stderr);
      const { trees, listings, images } = JSON.parse(stdout) as MonitorResult;
      assert.deepEqual(
        trees.map(({ tree, team, files }) => [tree.replace(host, 'HOST'), team, files]),
        [
          ['https://HOST/acme/shop', 'shop', 1],
          ['https://HOST/acme/base.git', undefined, 1],
          ['https://HOST/acme/web-api.git', undefined, 1],
        ],
      );
      assert.deepEqual(listings, [{ of: `${host}/acme`, listed: 6, taken: 2, leftOut, refused: [] }]);
      assert.equal(images[0]?.uses.length, 3);
      const text = await run(fleet, 'monitor');
      assert.match(
        text.stdout.replaceAll(/\s+/g, ' '),
        /6 repositories, 2 taken; left out: 1 as the file has it, 1 by name, 1 archived, 1 fork/,
      );
      assert.ok(!(text.stdout + text.stderr + stdout).includes(secret));
    }));

  test(`${kind}: updates are proposed to what an organisation has`, () =>
    listing(kind, async ({ host, add, run, pulls }) => {
      addAll(add);
      const fleet = `${key}: { ${owner}, host: "${host}", include: ["web-*"] }\n`;
      const { code, stdout, stderr } = await run(fleet, 'update', '--propose', '--json');
      assert.equal(code, 0, stdout + stderr);
      const { repositories, listings } = JSON.parse(stdout) as FleetProposals;
      assert.deepEqual(
        repositories.map(({ name, rows, failure }) => [name, rows.map(({ action }) => action), failure]),
        [[`https://${host}/acme/web-api.git`, ['open'], undefined]],
      );
      assert.deepEqual(listings[0]?.leftOut, { byName: 5, archived: 0, forks: 0, inFile: 0 });
      assert.match(pulls('acme/web-api').join(), /^build\(deps\): update nginx/);
      assert.deepEqual(pulls('acme/shop'), []);
      assert.match((await run(fleet, 'update', '--propose')).stdout, /6 repositories, 1 taken; left out: 5 by name/);
    }));

  test(`${kind}: an organisation that is not shown is told, and the repositories of the file go on`, () =>
    listing(kind, async ({ host, add, run }) => {
      add('acme/shop');
      const fleet = `${key}: { ${owner.replace('acme', 'gone')}, host: "${host}" }\nprivateHosts: [127.0.0.1]\nrepositories:\n  - { url: "https://${host}/acme/shop" }\n`;
      const monitored = await run(fleet, 'monitor', '--json');
      assert.equal(monitored.code, 3, monitored.stdout + monitored.stderr);
      const { images, problems } = JSON.parse(monitored.stdout) as MonitorResult;
      assert.equal(images.length, 1);
      assert.deepEqual(
        problems.map(({ tree, kind: of }) => [tree, of]),
        [[`${host}/gone`, 'world']],
      );
      assert.match(problems[0]?.message ?? '', /^cannot list the (repositories|projects) of gone/);
      const proposed = await run(fleet, 'update', '--propose');
      assert.equal(proposed.code, 3, proposed.stdout + proposed.stderr);
      assert.match(proposed.stdout, /error: cannot list the (repositories|projects) of gone/);
      assert.match(proposed.stdout, /Pull requests in 1 repository: 1 opened/);
    }));
}

test('a forge that sends git to another host is told, and not followed', () =>
  listing('github', async ({ host, add, run, sendTo }) => {
    add('acme/shop');
    sendTo('https://evil.example');
    const fleet = `github: { org: acme, host: "${host}" }\n`;
    const reason = 'the address that the forge gives for it lies on evil.example, and not on';
    const monitored = await run(fleet, 'monitor');
    assert.equal(monitored.code, 3, monitored.stdout + monitored.stderr);
    assert.match(monitored.stdout.replaceAll(/\s+/g, ' '), new RegExp(`error: ${host}/acme/shop: ${reason}`));
    const proposed = await run(fleet, 'update', '--propose', '--json');
    assert.equal(proposed.code, 3, proposed.stdout + proposed.stderr);
    const { repositories, listings } = JSON.parse(proposed.stdout) as FleetProposals;
    assert.equal(repositories[0]?.name, `${host}/acme/shop`);
    assert.ok(repositories[0]?.failure?.startsWith(reason));
    assert.deepEqual(
      listings.map(({ listed, taken, refused }) => [listed, taken, refused.length]),
      [[1, 0, 1]],
    );
  }));

test('a host at a private address is asked where somebody names it', () =>
  listing('github', async ({ host, add, run, env }) => {
    add('acme/shop');
    const isAsked = async (fleet: string) => !(await run(fleet, 'monitor')).stdout.includes('no public address');
    const fleet = `github: { org: acme, host: "${host}" }\n`;
    assert.equal(await isAsked(fleet), true);
    Object.assign(env, { GITHUB_SERVER_URL: '', GITHUB_API_URL: '' });
    assert.equal(await isAsked(fleet), false);
    assert.equal(await isAsked(`privateHosts: [127.0.0.1]\n${fleet}`), true);
  }));
