import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const marker = /(<!-- run: ([^>]*) -->\n```(?:text|json)\n)[\s\S]*?(```\n)/g;

/** Replaces what stands under each `<!-- run: basekeeper … -->` by what that command prints. */
export function withRealRuns(text: string): string {
  return text.replace(
    marker,
    (_all, head: string, command: string, tail: string) => `${head}$ ${command}\n${run(command)}${tail}`,
  );
}

function run(command: string): string {
  const args = command.trim().split(/\s+/).slice(1);
  try {
    return execFileSync(process.execPath, [join(root, 'src/cli/main.ts'), ...args], {
      cwd: root,
      encoding: 'utf8',
      // What stands in the pages must not depend on who writes them.
      env: { ...process.env, BASEKEEPER_CATALOG: 'shipped' },
      stdio: 'pipe',
    });
  } catch (error) {
    // A check that fails the policy exits 1 and prints as ever.
    if (error instanceof Error && 'status' in error && error.status === 1 && 'stdout' in error)
      return String(error.stdout);
    throw error;
  }
}
