import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FleetProposals } from '../../src/flows/update/fleet-proposals.ts';
import { loopbackCertificate, startGitServer } from '../../test/fakes/git-server.ts';
import { generatedRepository, generatedTags } from '../../test/fakes/registry/fill.ts';
import { measuredRun } from '../measured-run.ts';
import { type Counts, isSame, startRegistryProcess } from '../registry-process.ts';
import { writeRepositories } from './git-load.ts';

/**
 * Plans the pull requests of a fleet, against real git over HTTPS and a registry on this machine: once with nothing known,
 * once more when nothing has changed. Ends non-zero when a run asked for anything but what it needs.
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const main = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'main.js');
if (!existsSync(main)) {
  process.stderr.write('dist/ is missing: run npm run -s build first\n');
  process.exit(2);
}

const repositories = options.quick ? 30 : 1000;
const images = 20;
const listed = 100;
/**
 * `registry`: in the whole run, however many repositories there are. An image has one tag in use and a patch or a minor that
 * follows; what both hold is read once and kept. `git`: of each repository. Its references are asked for four times – the
 * forge's branch, the commit, the proposals, our branches –, and a commit that is not known is fetched without its files, then the wanted ones.
 */
const needed = {
  cold: {
    registry: { ping: 1, token: images, list: images, head: 2 * images, manifest: 4 * images, config: 2 * images },
    git: { capabilities: 6, refs: 5, fetch: 2 },
  },
  unchanged: {
    registry: { ping: 1, token: images, list: images, head: 2 * images },
    git: { capabilities: 4, refs: 4 },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'bench-update-'));
const [registry, server] = await Promise.all([
  startRegistryProcess({ repositories: images, tags: listed }),
  startGitServer({ isSecure: true }),
]);
let isExact = true;
try {
  const tags = generatedTags(listed);
  // Each image in one old tag of its own, with patches and minors above it.
  const used = Array.from({ length: images }, (_, at) => `${registry.host}/${generatedRepository(at)}:${tags[at]}`);
  const filesOf = (number: number) => ({
    Dockerfile: `FROM ${used[number % images]} AS build\nRUN make service-${number}\nFROM ${used[(number + 7) % images]}\n`,
    'README.md': `# Service ${number}\n`,
    'src/main.c': `int main() { return ${number}; }\n`,
  });
  writeRepositories(
    server.root,
    Array.from({ length: repositories }, (_, number) => filesOf(number)),
  );
  const urls = Array.from({ length: repositories }, (_, at) => `  - { url: "${server.origin}/service-${at}.git" }\n`);
  writeFileSync(join(folder, 'fleet.yaml'), `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n${urls.join('')}`);
  const settings = 'private: true, insecure: true, maxInFlight: 64, requestsPerSecond: 1000';
  writeFileSync(
    join(folder, 'policy.yaml'),
    `version: 1\nupdate: { limits: { perRun: 100000 } }\nregistries:\n  "${registry.host}": { ${settings} }\n`,
  );
  process.stdout.write(`${repositories} repositories on ${images} images of ${listed} tags each\n`);
  await measure('cold');
  await measure('unchanged');
} finally {
  registry.stop();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
if (!isExact) process.exitCode = 1;

async function measure(what: keyof typeof needed): Promise<void> {
  server.questions.length = 0;
  const { code, stdout, ...used } = await measuredRun(
    [main, 'update', '--propose', '--dry-run', '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--json'],
    {
      cwd: folder,
      env: {
        BASEKEEPER_STATE: folder,
        BASEKEEPER_CACHE: join(folder, 'cache'),
        BASEKEEPER_CATALOG: 'shipped',
        GIT_SSL_CAINFO: loopbackCertificate,
      },
    },
  );
  if (code !== 0) throw new Error(`update ended with ${code}: ${stdout.slice(0, 1000)}`);
  const { repositories: planned } = JSON.parse(stdout) as FleetProposals;
  const isPlanned = planned.length === repositories && planned.every(({ rows }) => rows.length > 0);
  const asked: Counts = Object.fromEntries(
    Map.groupBy(server.questions, (kind) => kind)
      .entries()
      .map(([kind, all]) => [kind, all.length]),
  );
  const ofRegistry = await registry.counts();
  const ofForge = planned.reduce((sum, { requests }) => sum + requests, 0);
  const neededOfAll = Object.fromEntries(
    Object.entries<number>(needed[what].git).map(([kind, one]) => [kind, one * repositories]),
  );
  const verdicts = [
    ...(isPlanned ? [] : ['NOT ALL WERE PLANNED']),
    ...(isSame(asked, neededOfAll) ? [] : [`NOT AS NEEDED OF GIT: ${told(neededOfAll)}`]),
    ...(isSame(ofRegistry, needed[what].registry)
      ? []
      : [`NOT AS NEEDED OF THE REGISTRY: ${told(needed[what].registry)}`]),
  ];
  isExact &&= verdicts.length === 0;
  const rows = planned.reduce((sum, repository) => sum + repository.rows.length, 0);
  const figures = [
    `${used.wallSeconds.toFixed(1)} s, ${used.cpuSeconds.toFixed(1)} s of CPU and ${used.programsCpuSeconds.toFixed(1)} s in git, ${used.peakMegabytes} MB`,
    `${rows} pull requests planned`,
    `git server: ${told(asked)}`,
    `of it asked by the forge: ${ofForge} times`,
    `registry: ${told(ofRegistry)}`,
    ...verdicts,
  ];
  process.stdout.write(`${what}\n${figures.map((line) => `  ${line}\n`).join('')}`);
}

function told(counts: Counts): string {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return `${all} (${Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')})`;
}
