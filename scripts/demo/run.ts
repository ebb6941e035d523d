import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loopbackCertificate } from '../../test/fakes/git-server.ts';
import { DemoRepositories } from './git-story.ts';
import { DemoFleet } from './patch-story.ts';
import { DemoRegistries } from './registry-story.ts';
import { writeProgram } from './scan-record.ts';
import { foundTools } from './tools.ts';

const recorded =
  'There is no Trivy here: the scans of these steps were recorded from the real Trivy 0.68.2, which looked at the same bases. To have them scanned live, install it from https://trivy.dev, or name it: BASEKEEPER_TRIVY=/path/to/trivy npm run demo';
const noBuilder =
  'Left out, because there is no buildah: the builds and their sizes. apt-get install buildah, or dnf install buildah.';

/** The main jobs on `examples/`: what a platform engineer sees on the first days. */
const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.cache', 'demo');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const registries = await DemoRegistries.start();
writeFileSync(join(folder, 'basekeeper.yaml'), registries.policy);

await show('Check a small fleet: every base image, judged by the policy', {
  args: ['check', 'examples', '--output', 'html=.cache/demo/report.html', '--output', 'sarif=.cache/demo/report.sarif'],
  // The fleet has bad projects on purpose.
  exits: [1],
});
await show('Ask about one reference', { args: ['explain', 'python:3.11'], exits: [0] });
await show('A multi-stage version to start from, for a project that compiles in what ships', {
  args: ['check', 'examples/java-inventory', '--explain'],
  exits: [0],
});

// The registries of the next steps run within the demo: nothing here asks the internet.
const monitor = ['monitor', 'examples', '--policy', '.cache/demo/basekeeper.yaml'];
registries.firstDay();
await show('Ask the registries what is new: on the first day everything is', {
  args: [...monitor, '--now', '2026-11-23T08:00:00Z'],
  // One image of the fleet does not exist.
  exits: [3],
});
registries.nextDay();
await show(
  'The next day: a base was rebuilt, a system changed underneath, a version came out, a registry is overloaded',
  {
    args: [...monitor, '--now', '2026-11-24T08:00:00Z'],
    exits: [3],
  },
);

// So does the git server: real git over HTTPS, with some of the projects as its repositories.
const repositories = await DemoRepositories.start(join(root, 'examples'), [
  'billing-worker',
  'catalog-service',
  'static-site',
]);
writeFileSync(join(folder, 'fleet.yaml'), repositories.fleet);
const propose = ['update', '--propose', '--fleet', '.cache/demo/fleet.yaml', '--policy', '.cache/demo/basekeeper.yaml'];
await show('Propose what there is to update in a fleet of repositories: a pull request per image', {
  args: [...propose, '--now', '2026-11-24T09:00:00Z'],
  exits: [0],
});
const billing = repositories.addressOf('billing-worker');
await show('List what is open in one of them: this server knows no pull requests, so git alone keeps them', {
  args: ['pulls', billing, '--now', '2026-11-24T09:05:00Z'],
  exits: [0],
});
await show('Read it as its reviewer does', {
  args: ['pulls', 'show', repositories.proposalIn('billing-worker'), billing, '--now', '2026-11-24T09:05:00Z'],
  exits: [0],
});
registries.thirdDay();
await show('The next day the new image was rebuilt with a patch: the open pull request is renewed in place', {
  args: [...propose, '--now', '2026-11-25T09:00:00Z'],
  exits: [0],
});
await Promise.all([registries.close(), repositories.close()]);

// The registry of the next steps is the demo's too. What builds is real, or is not there; what scans is, or was.
const fleet = await DemoFleet.start(join(root, 'examples/status-page'), folder);
const { environment } = fleet;
const tools = foundTools(process.env);
const scans = tools.trivy ? environment : playedBack(environment);
if (!tools.trivy) tell(recorded);
const policy = ['--policy', '.cache/demo/policy.yaml'];
const services = ['--fleet', '.cache/demo/services.yaml', ...policy];
const page = '.cache/demo/status-page';
await show('Five services of five teams: follow what a scanner finds in what ships', {
  args: ['monitor', '--scan', ...services, '--now', '2026-11-25T05:00:00Z'],
  exits: [0],
  environment: scans,
});
const updateDay = ['--now', '2026-11-25T09:30:00Z'];
await show('The web team updates its base at once, on a branch', {
  args: ['update', page, '--write', ...policy, ...updateDay],
  exits: [0],
  environment,
});
fleet.commitUpdate();
await show('Prove the update before anybody merges it: build, scan, test, and decide', {
  args: ['verify', page, '--from', 'main', '--to', 'update-debian', ...policy, ...updateDay],
  exits: tools.trivy && tools.buildah ? [0] : [3],
  environment,
});
fleet.mergeUpdate();
fleet.release('status-page', 'v1.0.1', '2026-11-26T06:00:00Z');
fleet.release('invoice-printer', 'v2.3.0', '2026-11-26T07:00:00Z');
fleet.renewDatabase();
await show('The next day it is merged and released, which ends what its scan lacks; payments release as they were', {
  args: ['monitor', '--scan', ...services, '--now', '2026-11-26T10:00:00Z'],
  exits: [0],
  environment: scans,
});
const later = ['--now', '2026-12-02T08:00:00Z'];
await show('How patching went, as a page to mail, with every date that the numbers are taken of', {
  args: ['report', ...services, ...later, '--format', 'html', '-o', '.cache/demo/patching.html'],
  exits: [0],
  environment,
});
await show('A week later: what is late and by whose delay, what waits, and what was waived until when', {
  args: ['deadlines', ...services, ...later],
  exits: [0],
  environment,
});
tell(
  ...(tools.buildah ? [] : [noBuilder]),
  ...(tools.trivy
    ? []
    : [recorded, 'Left out without it: what verify says of the update, which has to be built and scanned on the day.']),
  `The bases and the DEMO-… advisories of these steps are invented for the demo; what ${tools.trivy ? 'scanned' : 'Trivy wrote of'} them is not.`,
  '',
  'Pages to mail or print: .cache/demo/report.html, .cache/demo/patching.html',
);
await fleet.close();

/** Where there is no Trivy, for the steps that look at bases. */
function playedBack(rest: NonNullable<Step['environment']>): NonNullable<Step['environment']> {
  return { ...rest, BASEKEEPER_TRIVY: writeProgram(join(folder, 'played-trivy'), 'play-trivy') };
}

function tell(...lines: readonly string[]): void {
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

type Step = {
  readonly args: readonly string[];
  readonly exits: readonly number[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
};

async function show(say: string, step: Step) {
  process.stdout.write(`\n# ${say}\n$ basekeeper ${step.args.join(' ')}\n\n`);
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...step.args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      BASEKEEPER_STATE: join(folder, 'state'),
      BASEKEEPER_CACHE: join(folder, 'cache'),
      GIT_SSL_CAINFO: loopbackCertificate,
      // The same for everybody.
      BASEKEEPER_CATALOG: 'shipped',
      ...step.environment,
    },
  });
  const [status] = await once(child, 'exit');
  if (typeof status === 'number' && step.exits.includes(status)) return;
  process.stderr.write(`the demo expected exit code ${step.exits.join(' or ')}, not ${status}\n`);
  process.exitCode = 1;
}
