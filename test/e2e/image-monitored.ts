import { readFile, rm } from 'node:fs/promises';
import { type FakeGithub, goodToken, startFakeGithub } from '../fakes/github-pipeline/fake-github.ts';
import { type FakeRegistry, startFakeRegistry } from '../fakes/registry/fake-registry.ts';
import { basekeeper, makeTree, type Run } from './command.ts';

export type JobRun = Run & {
  /** By name, as the runner reads them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
};

/** A job of a workflow in `acme/shop`, a registry that plays Docker Hub, and a GitHub. */
export type Monitored = {
  readonly hub: FakeRegistry;
  readonly github: FakeGithub;
  readonly path: string;
  /** Of the job, without inputs. */
  readonly env: Readonly<Record<string, string>>;
  /** By name, as the runner reads them. */
  readOutputs(): Promise<Readonly<Record<string, string>>>;
  /** Pushes `node:24-alpine`. @returns its digest */
  pushNode(build: string, more?: { readonly attestations?: string; readonly platforms?: readonly string[] }): string;
  /** Runs the program as the workflow does: inputs come in the environment. */
  run(inputs?: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>): Promise<JobRun>;
};

export const nodeList = JSON.stringify([{ name: 'node', image: 'node', tag: '24-alpine', variable: 'NODE_DIGEST' }]);

export async function imageMonitored(
  use: (monitored: Monitored) => Promise<void>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const hub = await startFakeRegistry();
  const github = await startFakeGithub();
  const policy = `version: 1\nregistries:\n  docker.io: { endpoint: "${hub.origin}", private: true, insecure: true, maxInFlight: 32, requestsPerSecond: 1000 }\n`;
  const { path, remove } = await makeTree({ 'basekeeper.yaml': policy, ...files });
  const job = {
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: github.origin,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_TOKEN: goodToken,
    GITHUB_OUTPUT: `${path}/output`,
    GITHUB_STEP_SUMMARY: `${path}/summary.md`,
    BASEKEEPER_CACHE: `${path}/cache`,
  };
  const read = (file: string) => readFile(file, 'utf8').catch(() => '');
  const readOutputs = async () => outputsIn(await read(job.GITHUB_OUTPUT));
  try {
    await use({
      hub,
      github,
      path,
      env: job,
      readOutputs,
      pushNode: (build, { attestations, platforms = ['linux/amd64', 'linux/arm64/v8'] } = {}) =>
        hub.content.push({
          repository: 'library/node',
          tag: '24-alpine',
          platforms,
          build,
          ...(attestations === undefined ? {} : { attestations }),
        }).digest,
      async run(inputs = {}, env = {}) {
        await Promise.all([rm(job.GITHUB_OUTPUT, { force: true }), rm(job.GITHUB_STEP_SUMMARY, { force: true })]);
        const given = Object.entries({ images: nodeList, ...inputs }).map(([name, value]) => [
          `INPUT_${name.toUpperCase().replaceAll('-', '_')}`,
          value,
        ]);
        const ran = await basekeeper(['image-monitor'], {
          cwd: path,
          env: { ...job, ...Object.fromEntries(given), ...env },
        });
        return { ...ran, outputs: await readOutputs(), summary: await read(job.GITHUB_STEP_SUMMARY) };
      },
    });
  } finally {
    await hub.close();
    await github.close();
    await remove();
  }
}

/** As the runner does: `name<<END`, lines, `END`. */
function outputsIn(text: string): Record<string, string> {
  const lines = text.split('\n');
  const outputs: Record<string, string> = {};
  for (let at = 0; at < lines.length - 1; at += 1) {
    const [name = '', end] = (lines[at] ?? '').split('<<');
    const stop = lines.indexOf(end ?? '', at + 1);
    if (end === undefined || stop < 0) throw new Error(`no output: ${lines[at]}`);
    outputs[name] = lines.slice(at + 1, stop).join('\n');
    at = stop;
  }
  return outputs;
}
