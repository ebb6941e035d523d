import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendToJobFile } from '../cli/github-job-files.ts';
import type { GithubJob } from '../config/github-job.ts';
import { escapeXml } from '../render/xml.ts';
import { startProgram } from './start-program.ts';

// GitHub shows no summary above 1 MiB, escaped.
const maxSummaryBytes = 200_000;

/**
 * Runs the program so that what it prints, which holds names that others wrote, is in the log no command of the runner, and in
 * the summary of the step no markup.
 */
export async function runQuoted(
  args: readonly string[],
  { summaryFile, temporaryFolder = tmpdir() }: GithubJob,
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<number> {
  const path = join(temporaryFolder, 'basekeeper.txt');
  const printed = await open(path, 'w+');
  try {
    const code = await startProgram(args, variables, printed.fd);
    await printQuoted(path);
    if (summaryFile !== undefined)
      appendToJobFile(summaryFile, `<pre>\n${escapeXml(await beginningOf(printed))}\n</pre>\n`);
    return code;
  } finally {
    await printed.close();
  }
}

async function printQuoted(path: string): Promise<void> {
  // Nobody can guess it, so nothing that is printed ends it.
  const end = randomUUID();
  process.stdout.write(`::stop-commands::${end}\n`);
  for await (const part of createReadStream(path)) if (!process.stdout.write(part)) await once(process.stdout, 'drain');
  process.stdout.write(`::${end}::\n`);
}

async function beginningOf(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(maxSummaryBytes), 0, maxSummaryBytes, 0);
  return buffer.toString('utf8', 0, bytesRead);
}
