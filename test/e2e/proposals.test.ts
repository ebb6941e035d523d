import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { FleetProposals } from '../../src/flows/update/fleet-proposals.ts';
import { type GitServer, git, loopbackCertificate, startGitServer } from '../fakes/git-server.ts';
import { firstDatabase } from '../fakes/os-image/scanned-images.ts';
import { writeTrivyProgram } from '../fakes/trivy-program/trivy-program.ts';
import { basekeeper, type Run } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';
import { pushScanned, scanNow } from './scanned.ts';

const platforms = ['linux/amd64', 'linux/arm64/v8'];

type World = {
  readonly server: GitServer;
  readonly hub: Monitored['hub'];
  readonly work: string;
  /** The folder that the program is run in; `trivy/trivy` in it is its scanner. */
  readonly path: string;
  readonly propose: (...args: readonly string[]) => Promise<Run>;
  /** `open minor 1.28.0 → 1.28.1`, per repository and row. */
  readonly rows: (...args: readonly string[]) => Promise<readonly string[]>;
  readonly commit: (files: Readonly<Record<string, string>>) => void;
  readonly branches: () => readonly string[];
  readonly pulls: () => readonly StoredPull[];
};

type StoredPull = { readonly state: string; readonly title: string; readonly body: string };

/** The real program, a fleet of one repository on the real git over HTTPS, and a registry that plays Docker Hub. */
async function proposing(files: Readonly<Record<string, string>>, use: (world: World) => Promise<void>): Promise<void> {
  const server = await startGitServer({ isSecure: true });
  const { hub, path, env, close } = await startMonitored({});
  try {
    const work = join(path, 'work');
    mkdirSync(work);
    git(work, 'init', '-q', '-b', 'main');
    const bare = join(server.root, 'acme', 'shop.git');
    mkdirSync(dirname(bare), { recursive: true });
    git(server.root, 'init', '-q', '--bare', '-b', 'main', bare);
    git(bare, 'config', 'http.receivepack', 'true');
    git(bare, 'config', 'uploadpack.allowFilter', 'true');
    git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const commit = (changed: Readonly<Record<string, string>>) => {
      for (const [name, text] of Object.entries(changed)) {
        mkdirSync(dirname(join(work, name)), { recursive: true });
        writeFileSync(join(work, name), text);
      }
      git(work, 'add', '.');
      git(work, 'commit', '-q', '-m', 'change');
      git(work, 'push', '-q', bare, 'HEAD:main');
    };
    commit(files);
    await writeFile(
      join(path, 'fleet.yaml'),
      `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n  - { url: "${server.origin}/acme/shop.git", team: shop }\n`,
    );
    const propose = (...args: readonly string[]) =>
      basekeeper(['update', '--propose', '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', ...args], {
        cwd: path,
        env: { ...env, GIT_SSL_CAINFO: loopbackCertificate, BASEKEEPER_TRIVY: join(path, 'trivy', 'trivy') },
      });
    await use({
      server,
      hub,
      work,
      path,
      propose,
      async rows(...args) {
        const { stdout, stderr } = await propose('--json', ...args);
        assert.match(stdout, /^\{/, stderr);
        const run = JSON.parse(stdout) as FleetProposals;
        return run.repositories.flatMap(({ rows, failure }) => [
          ...(failure === undefined ? [] : [failure]),
          ...rows.map(({ action, lane, from, to, reason, failure: why }) =>
            [action, lane, from, '→', to, reason, why].filter((part) => part !== undefined).join(' '),
          ),
        ]);
      },
      commit,
      branches: () =>
        git(bare, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/basekeeper/').split('\n').filter(Boolean),
      pulls: () =>
        git(bare, 'for-each-ref', '--format=%(objectname) %(objecttype)', 'refs/basekeeper/pulls/')
          .split('\n')
          .filter(Boolean)
          .map((line) => storedPull(bare, line)),
    });
  } finally {
    await server.close();
    await close();
  }
}

function storedPull(bare: string, line: string): StoredPull {
  const [id = '', type] = line.split(' ');
  if (type === 'blob') return JSON.parse(git(bare, 'cat-file', 'blob', id)) as StoredPull;
  const [name = ''] = git(bare, 'ls-tree', '--name-only', id).split('\n');
  return JSON.parse(git(bare, 'cat-file', 'blob', `${id}:${name}`)) as StoredPull;
}

const dockerfile = 'FROM nginx:1.28.0\r\nUSER 1 # nginx:1.28.0\r\n';

test('an update is proposed on a plain git server: a branch with one commit, and its text', () =>
  proposing({ 'web/Dockerfile': dockerfile }, async ({ hub, propose, branches, pulls, server }) => {
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    const { code, stdout, stderr } = await propose();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /opened +nginx +\[patch\]/);
    assert.match(stdout, /Pull requests in 1 repository: 1 opened/);
    const [branch = ''] = branches();
    assert.match(branch, /^basekeeper\/nginx-patch-[0-9a-f]{16}$/);
    const bare = join(server.root, 'acme', 'shop.git');
    assert.equal(git(bare, 'rev-list', '--count', `main..${branch}`), '1');
    assert.equal(git(bare, 'show', `${branch}:web/Dockerfile`), dockerfile.replace('1.28.0', '1.28.1').trim());
    const [pull] = pulls();
    assert.match(pull?.title ?? '', /^build\(deps\): update nginx/);
    assert.match(pull?.body.split('\n')[0] ?? '', /^Updates `nginx:1\.28\.0` to `1\.28\.1` in 1 file/);
    assert.match(pull?.body ?? '', /\| category \| restricted \| restricted \|/);
    assert.match(pull?.body ?? '', /\| size, linux\/amd64 \| [\d.]+ kB \| [\d.]+ kB/);
  }));

test('a second run changes nothing; a dry run does nothing', () =>
  proposing({ Dockerfile: dockerfile }, async ({ hub, rows, propose, branches, pulls }) => {
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    const dry = await propose('--dry-run');
    assert.match(dry.stdout, /Nothing was changed \(--dry-run\)/);
    assert.deepEqual(branches(), []);
    await rows();
    const before = [branches(), pulls()];
    assert.match((await rows()).join('\n'), /^keep patch /);
    assert.deepEqual([branches(), pulls()], before);
  }));

test('a rebuilt digest renews the proposal in place; a newer version takes its place with the same key', () =>
  proposing({ Dockerfile: 'FROM nginx:1.28.0\n' }, async ({ hub, rows, branches, pulls, commit }) => {
    const pinned = hub.content.push({ repository: 'library/nginx', tag: '1.28', platforms, build: 'one' });
    commit({ Dockerfile: `FROM nginx:1.28@${pinned.digest}\n` });
    hub.content.push({ repository: 'library/nginx', tag: '1.28', platforms, build: 'two' });
    assert.match((await rows()).join('\n'), /^open digest /);
    const [branch] = branches();
    const third = hub.content.push({ repository: 'library/nginx', tag: '1.28', platforms, build: 'three' });
    assert.match((await rows()).join('\n'), /^refresh digest /);
    assert.deepEqual(branches(), [branch]);
    assert.equal(pulls().length, 1);
    assert.match(pulls()[0]?.body ?? '', new RegExp(third.digest));
  }));

test('what was merged, by whatever way, is done; the next version is proposed anew', () =>
  proposing({ Dockerfile: 'FROM nginx:1.28.0\n' }, async ({ hub, rows, commit, branches }) => {
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    await rows();
    commit({ Dockerfile: 'FROM nginx:1.28.1\n' });
    assert.deepEqual(await rows(), []);
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.2']);
    assert.match((await rows()).join('\n'), /^open patch .*1\.28\.1 → .*1\.28\.2/);
    assert.ok(branches().length >= 1);
  }));

test('a branch that somebody wrote to is theirs, whatever comes after', () =>
  proposing({ Dockerfile: 'FROM nginx:1.28.0\n' }, async ({ hub, rows, work, server, branches }) => {
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    await rows();
    const [branch = ''] = branches();
    const bare = join(server.root, 'acme', 'shop.git');
    git(work, 'fetch', '-q', bare, branch);
    git(work, 'checkout', '-q', 'FETCH_HEAD');
    writeFileSync(join(work, 'note'), 'mine');
    git(work, 'add', '.');
    git(work, 'commit', '-q', '-m', 'mine');
    git(work, 'push', '-q', bare, `HEAD:refs/heads/${branch}`);
    const theirs = git(bare, 'rev-parse', branch);
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.2']);
    assert.match((await rows()).join('\n'), /^hold .*people/);
    assert.equal(git(bare, 'rev-parse', branch), theirs);
  }));

test('where Dependabot owns updates, what it cannot see or write is proposed, and the rest is counted', () =>
  proposing(
    {
      'basekeeper.yaml': 'version: 1\nupdate: { owner: dependabot }\n',
      Dockerfile: 'FROM nginx:1.28.0\nCOPY --from=nginx:1.28.0 /etc/nginx /etc/nginx\n',
      'api/Dockerfile': 'ARG BASE=nginx:1.28.0\nFROM $BASE\n',
      'web/Dockerfile': 'FROM nginx:1.28.0\n',
    },
    async ({ hub, propose, rows, branches, pulls, server, commit }) => {
      hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
      const { code, stdout, stderr } = await propose();
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /2 uses of images are left to Dependabot \(update\.owner\)/);
      const bare = join(server.root, 'acme', 'shop.git');
      const [branch = ''] = branches();
      assert.equal(git(bare, 'diff', '--name-only', 'main', branch), 'Dockerfile\napi/Dockerfile');
      assert.equal(
        git(bare, 'show', `${branch}:Dockerfile`),
        'FROM nginx:1.28.0\nCOPY --from=nginx:1.28.1 /etc/nginx /etc/nginx',
      );
      assert.equal(git(bare, 'show', `${branch}:api/Dockerfile`), 'ARG BASE=nginx:1.28.1\nFROM $BASE');
      assert.match((await rows()).join('\n'), /^keep patch /);
      commit({ Dockerfile: 'FROM nginx:1.28.0\n', 'api/Dockerfile': 'FROM nginx:1.28.0\n' });
      assert.match((await rows()).join('\n'), /^close patch /);
      assert.deepEqual(
        pulls().map(({ state }) => state),
        ['closed'],
      );
    },
  ));

test('a repository whose policy file is broken is left as it is, and ends with 1', () =>
  proposing({ Dockerfile: 'FROM nginx:1.28.0\n' }, async ({ hub, rows, propose, commit, pulls }) => {
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    await rows();
    commit({ 'basekeeper.yaml': 'version: 1\nupdate: { owner: dependabot }\nfoo: 1\n', Dockerfile: 'FROM scratch\n' });
    const { code, stdout } = await propose();
    assert.equal(code, 1);
    assert.match(
      stdout,
      /nothing is changed until its policy file is mended\n[\s\S]*not read: basekeeper\.yaml:3: foo/,
    );
    assert.deepEqual(
      pulls().map(({ state }) => state),
      ['open'],
    );
  }));

test('the pull request of a file that cannot be read any more stays open', () =>
  proposing({ Dockerfile: 'FROM nginx:1.28.0\n' }, async ({ hub, rows, commit, pulls }) => {
    hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
    await rows();
    commit({ Dockerfile: `FROM nginx:1.28.0\n${'#'.repeat(5_000_000)}` });
    assert.match((await rows()).join('\n'), /^hold .*not all of its files can be read now$/);
    assert.deepEqual(
      pulls().map(({ state }) => state),
      ['open'],
    );
  }));

test('an odd name of a folder keeps no update from being proposed', () =>
  proposing(
    Object.fromEntries(
      ['a .', 'a\nb', '@team | `x` --> <!-- basekeeper {', `${'d'.repeat(200)}/${'e'.repeat(100)}`].map((folder) => [
        `${folder}/Dockerfile`,
        'FROM nginx:1.28.0\n',
      ]),
    ),
    async ({ hub, rows, pulls }) => {
      hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
      assert.match((await rows()).join('\n'), /^open [^\n]*1\.28\.1$/);
      assert.match((await rows()).join('\n'), /^keep [^\n]*1\.28\.1$/);
      assert.doesNotMatch(pulls()[0]?.body.split('### What happens next')[0] ?? '', /-->|<!--/);
    },
  ));

test('with --scan a content that is proven to mend a CRITICAL finding waits for no age; without a scanner it does', () =>
  proposing(
    { 'basekeeper.yaml': 'version: 1\nupdate: { minimumAge: 30d }\n' },
    async ({ hub, path, rows, propose, commit, pulls }) => {
      const target = { repository: 'library/debian', tag: '12-slim' };
      const old = pushScanned(hub, path, target, 'old');
      pushScanned(hub, path, target, 'new');
      commit({ Dockerfile: `FROM debian:12-slim@${old}\n` });
      const now = ['--now', scanNow];
      assert.match((await rows(...now)).join('\n'), /^hold digest .*30 days old$/);
      const { code, stdout } = await propose('--scan', ...now);
      assert.equal(code, 3);
      assert.match(
        stdout.replace(/\s+/g, ' '),
        /waits .*No update could be proven to mend a CRITICAL finding: no program at/,
      );
      writeTrivyProgram(join(path, 'trivy'), { version: '0.68.2', updatedAt: firstDatabase.updatedAt });
      assert.match((await rows('--scan', ...now)).join('\n'), /^open digest /);
      const body = pulls()[0]?.body ?? '';
      assert.match(
        body,
        /\*\*Mends CRITICAL findings\*\*, as scans of both contents prove \(trivy 0\.68\.2, database of /,
      );
      assert.match(
        body,
        /\| CVE-2026-0001 \| openssl \| 3\.0\.17-1\\~deb12u2 \| 3\.0\.17-1\\~deb12u3 \| linux\/amd64 \| `sha256:/,
      );
    },
  ));

test('with --scan --interim an upgrade is proposed until the base is patched, and its removal once it is', () =>
  proposing({ 'basekeeper.yaml': 'version: 1\n' }, async ({ hub, path, rows, commit, pulls }) => {
    writeTrivyProgram(join(path, 'trivy'), { version: '0.68.2', updatedAt: firstDatabase.updatedAt });
    const target = { repository: 'library/debian', tag: '12-slim' };
    const now = ['--now', scanNow];
    pushScanned(hub, path, target, 'old');
    commit({ Dockerfile: 'FROM debian:12-slim\nCMD ["/app"]\n' });
    assert.deepEqual(await rows('--scan', ...now), [], 'nobody asked for it');
    assert.match((await rows('--scan', '--interim', ...now)).join('\n'), /^open interim .*debian:12-slim/);
    const { title = '', body = '' } = pulls()[0] ?? {};
    assert.match(title, /upgrade packages of debian 12-slim until it is patched$/);
    assert.match(
      body,
      /^Upgrades packages of `debian:12-slim` in 1 file until it is patched itself: nothing in its line is free of CVE-2026-0001/,
    );
    assert.match(body, /basekeeper update --interim --diff/);
    for (const args of [['--scan'], []])
      assert.match((await rows(...args, ...now)).join('\n'), /^hold interim .*did not look for what it proposes$/);
    assert.match((await rows('--scan', '--interim', ...now)).join('\n'), /^keep interim /);

    const run =
      'RUN apt-get update && apt-get install -y --no-install-recommends --only-upgrade libssl3 openssl && rm -rf /var/lib/apt/lists/*';
    const mark = '# basekeeper interim CVE-2026-0001 openssl: remove when the base has 3.0.17-1~deb12u3';
    commit({ Dockerfile: `FROM debian:12-slim\n${mark}\n${run}\nCMD ["/app"]\n` });
    pushScanned(hub, path, target, 'new');
    const after = await rows('--scan', ...now);
    assert.match(after.join('\n'), /^open interim-end .*debian:12-slim/m);
    assert.match(pulls().at(-1)?.title ?? '', /remove upgrades that debian 12-slim has caught up with$/);
    assert.match((await rows(...now)).join('\n'), /^hold interim-end .*did not look for what it proposes$/m);
  }));

test('a server that is not there is told, and ends with 3', () =>
  proposing({ Dockerfile: 'FROM nginx:1.28.0\n' }, async ({ propose, server }) => {
    await server.close();
    const { code, stdout } = await propose();
    assert.equal(code, 3);
    assert.match(stdout, /1 repository could not be asked/);
  }));

for (const [what, files] of [
  ['a symlinked Dockerfile', { 'real/main.docker': 'FROM nginx:1.28.0\n' }],
  ['10 MB of YAML', { 'compose.yaml': `x: &x [${'0,'.repeat(5_000_000)}0]\n`, Dockerfile: 'FROM nginx:1.28.0\n' }],
  ['names that a terminal obeys', { 'a\u001b[2Jb/Dockerfile': 'FROM nginx:1.28.0\n' }],
] as const) {
  test(`${what} does no harm`, () =>
    proposing(files, async ({ hub, propose, branches, server, work }) => {
      hub.content.pushTags({ repository: 'library/nginx', platforms }, ['1.28.0', '1.28.1']);
      if (what === 'a symlinked Dockerfile') {
        const { symlinkSync } = await import('node:fs');
        symlinkSync('real/main.docker', join(work, 'Dockerfile'));
        symlinkSync('/etc/passwd', join(work, 'Dockerfile.x'));
        git(work, 'add', '.');
        git(work, 'commit', '-q', '-m', 'links');
        git(work, 'push', '-q', join(server.root, 'acme', 'shop.git'), 'HEAD:main');
      }
      const { stdout, stderr } = await propose();
      assert.doesNotMatch(stdout + stderr, /\u001b\[2J|this is a bug/);
      assert.ok(branches().length <= 1, stdout);
      for (const branch of branches())
        assert.match(git(join(server.root, 'acme', 'shop.git'), 'diff', `main`, branch), /nginx:1\.28\.1/);
    }));
}

test('what cannot go together is refused', async () => {
  for (const args of [
    ['update', '--fleet', 'x.yaml'],
    ['update', '--propose', '--write'],
    ['update', '--propose', '--image', 'node'],
    ['update', '--propose', '--fleet', 'x.yaml', 'folder'],
    ['update', '--dry-run'],
  ]) {
    const { code, stderr } = await basekeeper(args);
    assert.equal(code, 2, stderr);
  }
});
