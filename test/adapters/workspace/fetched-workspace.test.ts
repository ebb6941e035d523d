import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { fetchRepository } from '../../../src/adapters/workspace/fetch-repository.ts';
import { treeContract } from '../../contracts/workspace.contract.ts';
import { bareEnvironment, type GitServerBehaviour, git, startGitServer } from '../../fakes/git-server.ts';

const server = await startGitServer();
after(() => server.close());
let count = 0;

/** Commits the folder and fetches it back from a server. */
function subject(name: string, allowsFilter: boolean, behaviour: GitServerBehaviour) {
  return {
    name,
    async open(root: string) {
      count += 1;
      git(root, 'init', '-q');
      git(root, 'config', 'uploadpack.allowFilter', String(allowsFilter));
      git(root, 'add', '-A');
      git(root, 'commit', '-q', '--allow-empty', '-m', 'x');
      symlinkSync(join(root, '.git'), join(server.root, `${count}.git`));
      server.behaviour = behaviour;
      return fetchRepository({
        url: `${server.origin}/${count}.git`,
        cacheFolder: join(server.root, 'cache'),
        environment: bareEnvironment(),
        isPrivateAllowed: () => true,
        protocols: ['http'],
      });
    },
  };
}

treeContract(subject('fetched', true, { kind: 'serve' }));
treeContract(subject('fetched whole', false, { kind: 'serve-version-0' }));
