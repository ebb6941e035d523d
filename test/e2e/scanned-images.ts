import { join } from 'node:path';
import { writeLayout } from '../fakes/os-image/os-image.ts';
import { firstDatabase, type ScannedImageName, scannedImages } from '../fakes/os-image/scanned-images.ts';
import type { BuiltImage } from '../fakes/registry/build-image.ts';
import { readLayout } from '../fakes/registry/read-layout.ts';
import { type TrivyProgramFake, type TrivyState, writeTrivyProgram } from '../fakes/trivy-program/trivy-program.ts';
import { basekeeper, type Run } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';

/** A registry that plays Docker Hub and holds the images that reports in test/fixtures/scans are of, and a program that plays Trivy. */
export type ScannedImages = Monitored & {
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

export async function inScannedImages(
  use: (world: ScannedImages) => Promise<void>,
  state: Partial<TrivyState> = {},
): Promise<void> {
  const world = await startMonitored({});
  const { path, hub } = world;
  const trivy = writeTrivyProgram(join(path, 'trivy'), {
    version: '0.68.2',
    updatedAt: firstDatabase.updatedAt,
    ...state,
  });
  const built = (name: ScannedImageName, more: Partial<BuiltImage['content']>): BuiltImage => {
    const folder = join(path, 'layouts', name);
    const { layers, user } = scannedImages[name];
    writeLayout(folder, layers, user);
    const image = readLayout(folder);
    return { ...image, content: { ...image.content, ...more } };
  };
  try {
    await use({
      ...world,
      trivy,
      push(name, image, { arm64, annotations } = {}) {
        const [repository = '', tag = ''] = name.split(':');
        const images = [built(image, annotations === undefined ? {} : { annotations })];
        if (arm64 !== undefined) images.push(built(arm64, { platform: 'linux/arm64' }));
        return hub.content.pushBuiltIndex({ repository: `library/${repository}`, tag }, images);
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
