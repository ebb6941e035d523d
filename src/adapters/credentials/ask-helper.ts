import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Credential, CredentialError } from '../../ports/credentials.ts';
import { isRecord } from './read-credential-file.ts';

/** How helpers are started. */
export type HelperSettings = { readonly folders: readonly string[]; readonly timeoutMs: number };

const maxOutputBytes = 64 * 1024;

/**
 * Asks a credential helper for one server. Nothing that it prints stands in a message: it may be a secret.
 *
 * @param named where its name was read, for messages.
 * @returns `undefined` where it knows no credential.
 */
export async function askHelper(
  name: string,
  server: string,
  named: string,
  { folders, timeoutMs }: HelperSettings,
): Promise<Credential | undefined> {
  const helper = `docker-credential-${name}`;
  const program = await findHelper(name, named, folders);
  const answer = await run(program, server, timeoutMs);
  switch (answer.kind) {
    case 'late':
      throw new CredentialError(
        `${helper} gave no answer for ${server} within ${timeoutMs / 1000} s: unlock its key store, or take it out of ${named}`,
      );
    case 'failed':
      if (isNotFound(answer.output)) return undefined;
      throw new CredentialError(
        `${helper} failed for ${server} (${answer.reason}): \`${helper} list\` in a terminal tells why; or take it out of ${named}`,
      );
    case 'done':
      return readAnswer(answer.output, `${helper} for ${server}`);
  }
}

/** @throws CredentialError for a name that is none, or a helper that is not there. @returns its absolute path. */
export async function findHelper(name: string, named: string, folders: readonly string[]): Promise<string> {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(name))
    throw new CredentialError(
      `${named} names the helper ${JSON.stringify(name.slice(0, 100))}, which is no helper's name (letters, digits, . _ -): correct it`,
    );
  const helper = `docker-credential-${name}`;
  for (const folder of folders) {
    // Found by ourselves, and started by its whole path: the working folder is never searched, as some systems do.
    for (const program of [join(folder, helper), join(folder, `${helper}.exe`)]) {
      if (await isProgram(program)) return program;
    }
  }
  throw new CredentialError(`${named} names ${helper}, which is not on PATH: install it, or take it out of that file`);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

type Answer =
  | { readonly kind: 'done'; readonly output: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly output: string }
  | { readonly kind: 'late' };

function run(program: string, input: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const options = {
      // Not the folder that is looked at: the helper would read its settings files.
      cwd: dirname(program),
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: maxOutputBytes,
      windowsHide: true,
    } as const;
    const child = execFile(program, ['get'], options, (error, stdout) => {
      if (error === null) return resolve({ kind: 'done', output: stdout });
      if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
        return resolve({ kind: 'failed', reason: 'it printed too much', output: '' });
      if (error.killed === true) return resolve({ kind: 'late' });
      const reason =
        typeof error.code === 'number' ? `exit code ${error.code}` : (error.signal ?? error.code ?? 'unknown');
      resolve({ kind: 'failed', reason, output: stdout });
    });
    // A helper that ends without reading is judged by its answer, not by the broken pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** The words of docker-credential-helpers, which every helper repeats. */
function isNotFound(output: string): boolean {
  return output.includes('credentials not found in native keychain');
}

function readAnswer(output: string, place: string): Credential | undefined {
  const answer = parse(output);
  const username = answer?.['Username'];
  const secret = answer?.['Secret'];
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw new CredentialError(`${place} answered no JSON object with Username and Secret: update it`);
  if (secret === '') return undefined;
  return username === '<token>' ? { kind: 'identity', token: secret } : { kind: 'basic', username, secret };
}

function parse(output: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(output);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
