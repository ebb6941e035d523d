import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type Built, writeLayout } from '../fakes/os-image/os-image.ts';
import { firstDatabase, type ScannedImageName, scannedImages } from '../fakes/os-image/scanned-images.ts';
import type { FakeRegistry } from '../fakes/registry/fake-registry.ts';
import { readLayout } from '../fakes/registry/read-layout.ts';
import { type TrivyProgramFake, type TrivyState, writeTrivyProgram } from '../fakes/trivy-program/trivy-program.ts';
import { basekeeper, type Run } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';

/** A tree, a registry with images that a scanner knows, and a program that plays Trivy. */
export type Scanned = Omit<Monitored, 'monitor'> & {
  trivy(state?: Partial<TrivyState>): TrivyProgramFake;
  /** Points a tag at one of the known images. @returns its digest */
  push(repository: string, tag: string, image: ScannedImageName): string;
  /** Points a tag at an image of one layer more than `on`, in which is found what is found in `like`. @returns its digest */
  publish(repository: string, tag: string, image: PublishedImage): string;
  run(command: 'check' | 'monitor', ...args: readonly string[]): Promise<Run>;
};

export type PublishedImage = Built & { readonly on: ScannedImageName; readonly like: ScannedImageName };

/** The hour of all runs: some hours after the first database. */
export const scanNow = '2026-11-25T08:00:00Z';

/** Points a tag at one of the images that the program knows that plays Trivy. @returns its digest */
export function pushScanned(
  { content }: FakeRegistry,
  path: string,
  target: { readonly repository: string; readonly tag: string },
  image: ScannedImageName,
): string {
  const folder = mkdtempSync(join(path, 'layout-'));
  const { layers, user } = scannedImages[image];
  writeLayout(folder, layers, user);
  return content.pushBuilt(target, readLayout(folder));
}

export async function inScannedTree(
  files: Readonly<Record<string, string>>,
  use: (world: Scanned) => Promise<void>,
): Promise<void> {
  const world = await startMonitored(files);
  const { path, hub } = world;
  const home = join(path, 'trivy-program');
  const env = { ...world.env, BASEKEEPER_TRIVY: join(home, 'trivy') };
  const like: Record<string, string> = {};
  const trivy = (state: Partial<TrivyState> = {}) =>
    writeTrivyProgram(home, { version: '0.68.2', updatedAt: firstDatabase.updatedAt, like, ...state });
  const publish: Scanned['publish'] = (repository, tag, { on, like: name, ...built }) => {
    const folder = mkdtempSync(join(path, 'layout-'));
    like[writeLayout(folder, [...scannedImages[on].layers, { 'usr/local/bin/app': tag }], '', built)] = name;
    return hub.content.pushBuilt({ repository, tag }, readLayout(folder));
  };
  const push = (repository: string, tag: string, image: ScannedImageName) =>
    pushScanned(hub, path, { repository, tag }, image);
  const fixed = ['--policy', join(path, 'policy.yaml'), '--now', scanNow];
  try {
    await use({
      ...{ ...world, env, trivy, push, publish },
      run: (command, ...args) =>
        basekeeper([command, join(path, 'tree'), ...fixed, '--scan', ...args], { cwd: path, env }),
    });
  } finally {
    await world.close();
  }
}
