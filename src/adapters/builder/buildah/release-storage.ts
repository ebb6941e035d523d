import { readFile, rm } from 'node:fs/promises';
import { runBounded } from '../../process/run-bounded.ts';

const unmount = '/bin/umount';

/** Takes a storage away, with what a build that was ended in its midst left mounted there. */
export async function releaseStorage(folder: string): Promise<void> {
  for (const place of (await mountsUnder(folder)).toReversed()) {
    await runBounded({ program: unmount, args: ['-l', place], folder: '/', environment: {}, timeoutMs: 10_000 });
  }
  await rm(folder, { recursive: true, force: true });
}

/** In the order in which they were mounted; none where the system does not say. */
async function mountsUnder(folder: string): Promise<readonly string[]> {
  const table = await readFile('/proc/self/mounts', 'utf8').catch(() => '');
  return table.split('\n').flatMap((line) => {
    // Blanks are written as octal numbers.
    const place = line
      .split(' ')[1]
      ?.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
    return place?.startsWith(`${folder}/`) === true ? [place] : [];
  });
}
