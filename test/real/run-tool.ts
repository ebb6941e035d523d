import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a Debian tool to its end. @throws with what it wrote, for a test to show. */
export async function runTool(tool: string, args: readonly string[], timeoutMs = 120_000): Promise<string> {
  const { stdout } = await execute(tool, args, { timeout: timeoutMs, maxBuffer: 8 * 1024 * 1024 });
  return stdout.trim();
}
