import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SettleResult } from '../../src/flows/merge/settle-result.ts';
import { commitTo } from '../fakes/bare-repository.ts';
import { git } from '../fakes/git-server.ts';
import type { Pull } from '../fakes/github/state.ts';
import { basekeeper, type Run } from './command.ts';
import { type OnGithub, proposingOnGithub } from './proposing-on-github.ts';

type Settling = OnGithub & {
  settle(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Run>;
  /** `merge; review: test failed`, per row. */
  tellSettled(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  runCheck(name: string, conclusion: string | null, number?: number): void;
  pull(number?: number): Pull;
  status(number?: number): string | undefined;
};

const dockerfile = { Dockerfile: 'FROM nginx:1.28.0\n' };
const automerge = '{ labels: [], reviewers: [ada], automerge: true }';

type Given = {
  readonly update?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly images?: readonly string[];
};

/** One pull request of ours is open, and its branch requires the check `test`. */
function settling(
  fact: string,
  use: (world: Settling) => Promise<void>,
  { update = automerge, files = dockerfile, images = ['nginx'] }: Given = {},
): void {
  test(fact, () =>
    proposingOnGithub(
      files,
      async (world) => {
        const { github, repository, path, env } = world;
        github.addUser('ada');
        repository.collaborators.add('ada');
        repository.requiredChecks.push({ context: 'test', appId: null });
        for (const name of images)
          world.hub.content.pushTags({ repository: `library/${name}`, platforms: ['linux/amd64'] }, [
            '1.28.0',
            '1.28.1',
          ]);
        assert.equal((await world.propose()).code, 0);
        const pull = (number = 1) => github.pull('acme/shop', number);
        const settle: Settling['settle'] = (args = [], more = {}) => {
          const now = new Date(github.state.now).toISOString();
          const own = ['--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', now];
          return basekeeper(['settle', ...own, ...args], { cwd: path, env: { ...env, ...more } });
        };
        await use({
          ...world,
          settle,
          pull,
          async tellSettled(args = [], more = {}) {
            const { stdout, stderr } = await settle(['--json', ...args], more);
            assert.match(stdout, /^\{/, stderr);
            const { repositories } = JSON.parse(stdout) as SettleResult;
            const rows = repositories.flatMap((one) => [
              ...(one.failure === undefined ? [] : [`failed: ${one.failure}`]),
              ...one.rows.map(({ action, reason, waitsFor, flaky, failure }) => {
                const why = failure ?? reason ?? waitsFor?.join(', ');
                const also = flaky === undefined ? '' : ` (flaky: ${flaky.join(', ')})`;
                return `${action}${why === undefined ? '' : `: ${why}`}${also}`;
              }),
            ]);
            return rows.join('; ');
          },
          runCheck: (name, conclusion, number = 1) =>
            github.runCheck('acme/shop', headOfPull(world, number), name, conclusion),
          status(number = 1) {
            const head = headOfPull(world, number);
            const found = repository.statuses.findLast(
              ({ revision, context }) => revision === head && context === 'basekeeper/verify',
            );
            return found && `${found.state}: ${found.description}`;
          },
        });
      },
      update,
    ),
  );
}

function headOfPull({ github, repository }: OnGithub, number: number): string {
  const one = github.pull('acme/shop', number);
  return one.state === 'open' ? git(repository.folder, 'rev-parse', one.branch) : one.headRevision;
}

const dockerfileOnMain = ({ repository }: OnGithub) => git(repository.folder, 'show', 'main:Dockerfile');

settling('checks run, then they are green, and it is merged', async (world) => {
  const { tellSettled, runCheck, pull, status } = world;
  runCheck('test', null);
  assert.equal(await tellSettled(), 'wait: test');
  assert.equal(status(), 'pending: waits for test');
  runCheck('test', 'success');
  runCheck('lint', 'skipped');
  const head = headOfPull(world, 1);
  assert.equal(await tellSettled(), 'merge');
  assert.notEqual(pull().mergedAt, null);
  assert.equal(pull().headRevision, head);
  assert.equal(status(), 'success: green: it is merged by itself');
  assert.equal(dockerfileOnMain(world), 'FROM nginx:1.28.1');
  assert.equal(pull().comments.length, 1);
  assert.match(pull().comments[0]?.body ?? '', /Every check is green/);
  const body = pull().body ?? '';
  assert.match(body, /\| checks green \| 1: test \|\n\| checks skipped \| 1: lint \|/);
  assert.equal(body.split('### Verified').length, 2);
  assert.equal(await tellSettled(), '');
  assert.match((await world.tell()).join('; '), /^$/);
});

settling('a red check asks people once, names it, and is forgotten when it passes', async (world) => {
  const { tellSettled, runCheck, pull, status, github } = world;
  runCheck('test', 'failure');
  for (let run = 0; run < 2; run += 1) assert.equal(await tellSettled(), 'review: test failed');
  assert.deepEqual(pull().reviewers, ['ada']);
  assert.equal(status(), 'failure: review is asked: test failed');
  assert.match(pull().comments[0]?.body ?? '', /test failed.*\n\n- \[test\]\(http\S+\/runs\/\d+\)/);
  const asked = github.requests.filter((line) => /^POST .*requested_reviewers/.test(line));
  // When it was opened, and for the red check.
  assert.equal(asked.length, 2);
  runCheck('test', 'success');
  assert.equal(await tellSettled(), 'merge (flaky: test)');
  assert.equal(pull().comments.length, 1);
  assert.match(pull().comments[0]?.body ?? '', /Flaky: test passed/);
});

settling('what others put on its branch is not merged', async (world) => {
  const { repository, tellSettled, runCheck, pull } = world;
  const { branch } = pull();
  commitTo(repository.folder, branch, { Dockerfile: 'FROM evil:1\n' });
  runCheck('test', 'success');
  assert.match(await tellSettled(), /^hold: its branch is edited by people/);
  assert.equal(pull().comments.length, 0);
  assert.equal(pull().mergedAt, null);
});

settling('nor a commit that says it is ours and is not', async (world) => {
  const { repository, tellSettled, runCheck, pull } = world;
  const { branch } = pull();
  const message = git(repository.folder, 'log', '-1', '--format=%B', branch);
  const forged = commitTo(repository.folder, 'forged', { Dockerfile: 'FROM nginx:1.28.1\n', 'run.sh': 'evil\n' });
  const tree = git(repository.folder, 'rev-parse', `${forged}^{tree}`);
  const own = ['-c', 'user.name=basekeeper', '-c', 'user.email=basekeeper@bot.invalid'];
  const commit = git(repository.folder, ...own, 'commit-tree', tree, '-p', 'main', '-m', message);
  git(repository.folder, 'update-ref', `refs/heads/${branch}`, commit);
  runCheck('test', 'success');
  assert.equal(await tellSettled(), 'hold: it changes other files than the update');
  assert.equal(pull().mergedAt, null);
});

settling('without a required check people are asked', async (world) => {
  const { repository, tellSettled, runCheck, status } = world;
  repository.requiredChecks.length = 0;
  runCheck('test', 'success');
  assert.match(await tellSettled(), /^review: no check that its branch requires is green/);
  assert.match(status() ?? '', /^success: review is asked/);
  repository.requiredByRule.push({ context: 'test' });
  assert.equal(await tellSettled(), 'merge');
});

settling('a check that does not end asks people', async (world) => {
  const { github, tellSettled, runCheck } = world;
  runCheck('test', null);
  assert.equal(await tellSettled(), 'wait: test');
  github.state.now += 61 * 60_000;
  assert.equal(await tellSettled(), 'review: test did not end within 60 minutes');
});

settling('a dry run changes nothing, and the kill switch of the environment stops merging alone', async (world) => {
  const { settle, tellSettled, runCheck, github, status, pull } = world;
  runCheck('test', 'success');
  const writes = () => github.requests.filter((line) => !line.startsWith('GET ')).length;
  const before = writes();
  const { code, stdout } = await settle(['--dry-run']);
  assert.equal(code, 0);
  assert.match(stdout, /would be merged/);
  assert.match(stdout, /1 to be merged.*Nothing was changed/);
  assert.equal(writes(), before);
  const stop = { BASEKEEPER_NO_MERGE: '1' };
  assert.equal(await tellSettled([], stop), 'hold: merging is stopped (BASEKEEPER_NO_MERGE)');
  assert.equal(status(), 'success: green: merging is stopped (BASEKEEPER_NO_MERGE)');
  assert.equal(pull().mergedAt, null);
});

settling(
  'nothing is merged unless the organisation says so, whatever the repository says',
  async ({ tellSettled, runCheck }) => {
    runCheck('test', 'success');
    assert.equal(await tellSettled(), 'review: merging by itself is off (update.automerge)');
  },
  {
    update: '{ labels: [] }',
    files: { ...dockerfile, '.basekeeper.yaml': 'version: 1\nupdate: { automerge: true }\n' },
  },
);

settling('GitHub merges it once it is green, where it may, and not what people put there', async (world) => {
  const { repository, tellSettled, runCheck, pull } = world;
  repository.allowsAutoMerge = true;
  runCheck('test', null);
  for (let run = 0; run < 2; run += 1) assert.equal(await tellSettled(), 'auto-merge: test');
  assert.deepEqual(pull().autoMerge, { login: 'keeper', method: 'merge' });
  runCheck('lint', 'failure');
  assert.equal(await tellSettled(), 'review: lint failed');
  assert.equal(pull().autoMerge, null);
  runCheck('lint', 'success');
  assert.equal(await tellSettled(), 'auto-merge: test (flaky: lint)');
  runCheck('test', 'success');
  assert.notEqual(pull().mergedAt, null);
});

settling(
  'a limit per day counts what was merged today, by whomever, and one a run goes into a branch',
  async (world) => {
    const { github, tellSettled, runCheck, repository } = world;
    assert.equal(repository.pulls.length, 3);
    for (const number of [1, 2, 3]) runCheck('test', 'success', number);
    const next = 'hold: another one was merged into its branch in this run: the next run looks at it anew';
    assert.equal(await tellSettled(), ['merge', next, next].join('; '));
    github.merge('acme/shop', repository.pulls.find(({ state }) => state === 'open')?.number ?? 0);
    assert.equal(await tellSettled(), 'hold: 2 were merged today, the limit (update.automerge.perDay)');
    world.passDays(1);
    assert.equal(await tellSettled(), 'merge');
  },
  {
    update: '{ labels: [], automerge: { perDay: 2 } }',
    images: ['nginx', 'redis', 'httpd'],
    files: { ...dockerfile, 'a/Dockerfile': 'FROM redis:1.28.0\n', 'b/Dockerfile': 'FROM httpd:1.28.0\n' },
  },
);
