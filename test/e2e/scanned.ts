import { join } from 'node:path';
import { writeLayout } from '../fakes/os-image/os-image.ts';
import { firstDatabase, type ScannedImageName, scannedImages } from '../fakes/os-image/scanned-images.ts';
import { type TrivyProgramFake, type TrivyState, writeTrivyProgram } from '../fakes/trivy-program/trivy-program.ts';
import { basekeeper, type Run } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';

/** A registry that plays Docker Hub and holds the images that reports in test/fixtures/scans are of, and a program that plays Trivy. */
export type Scanned = Monitored & {
  readonly trivy: TrivyProgramFake;
  /** Pushes an index over these images under a tag. */
  push(name: string, image: ScannedImageName, options?: PushOptions): string;
  run(...args: readonly string[]): Promise<Run>;
};

type PushOptions = {
  /** Of another platform, beside linux/amd64. */
  readonly arm64?: ScannedImageName;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** The day after the database was built. */
const now = '2026-11-25T12:00:00Z';

export async function inScanned(
  use: (world: Scanned) => Promise<void>,
  state: Partial<TrivyState> = {},
): Promise<void> {
  const world = await startMonitored({});
  const { path, hub } = world;
  const trivy = writeTrivyProgram(join(path, 'trivy'), {
    version: '0.68.2',
    updatedAt: firstDatabase.updatedAt,
    ...state,
  });
  const layoutOf = (name: ScannedImageName) => {
    const folder = join(path, 'layouts', name);
    const { layers, user } = scannedImages[name];
    writeLayout(folder, layers, user);
    return folder;
  };
  try {
    await use({
      ...world,
      trivy,
      push(name, image, { arm64, annotations } = {}) {
        const [repository = '', tag = ''] = name.split(':');
        const folders = new Map([['linux/amd64', layoutOf(image)]]);
        if (arm64 !== undefined) folders.set('linux/arm64', layoutOf(arm64));
        const target = { repository: `library/${repository}`, tag };
        return hub.content.pushLayouts(annotations === undefined ? target : { ...target, annotations }, folders);
      },
      run(command = '', ...args) {
        const fixed = ['--policy', `${path}/policy.yaml`, '--now', now];
        const env = { ...world.env, BASEKEEPER_TRIVY: trivy.path };
        return basekeeper([command, ...args, ...fixed], { cwd: path, env });
      },
    });
  } finally {
    await world.close();
  }
}
