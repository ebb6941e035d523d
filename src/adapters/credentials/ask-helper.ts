import { type Credential, CredentialError } from '../../ports/credentials.ts';
import { findProgram } from '../process/find-program.ts';
import { runProgram } from '../process/run-program.ts';
import { isRecord } from './read-credential-file.ts';

/** How helpers are started. */
export type HelperSettings = { readonly folders: readonly string[]; readonly timeoutMs: number };

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
  const answer = await runProgram({ program, args: ['get'], input: server, timeoutMs });
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
  const program = await findProgram(helper, folders);
  if (program !== undefined) return program;
  throw new CredentialError(`${named} names ${helper}, which is not on PATH: install it, or take it out of that file`);
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
