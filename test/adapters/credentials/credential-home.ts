import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { createCredentials } from '../../../src/adapters/credentials/create-credentials.ts';
import { readWorldEnvironment } from '../../../src/config/environment.ts';
import type { CredentialInventory, Credentials, FoundCredential } from '../../../src/ports/credentials.ts';

export type CredentialHome = {
  readonly path: string;
  /** `docker.io/library/node` → what is found for it. */
  readonly find: (name: string) => Promise<FoundCredential | undefined>;
  readonly credentials: Credentials & CredentialInventory;
  /** Moves the clock. */
  readonly wait: (milliseconds: number) => void;
};

type Setup = {
  /** Below the home folder; what is no text is written as JSON. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** Name of a helper → its script. */
  readonly helpers?: Readonly<Record<string, string>>;
  readonly variables?: (home: string) => Readonly<Record<string, string>>;
  readonly helperTimeoutMs?: number;
};

/** A home folder with credential files and helpers on PATH, read through the real environment. */
export async function makeHome(context: TestContext, setup: Setup): Promise<CredentialHome> {
  const path = await mkdtemp(join(tmpdir(), 'home-'));
  context.after(() => rm(path, { recursive: true, force: true }));
  await mkdir(join(path, 'bin'));
  for (const [name, content] of Object.entries(setup.files ?? {})) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  for (const [name, script] of Object.entries(setup.helpers ?? {})) {
    const program = join(path, 'bin', `docker-credential-${name}`);
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
  }
  const variables = { HOME: path, PATH: join(path, 'bin'), ...setup.variables?.(path) };
  const environment = readWorldEnvironment(variables);
  let now = Date.parse('2026-11-23T00:00:00Z');
  const credentials = createCredentials({
    places: environment.credentials,
    executableFolders: environment.executableFolders,
    now: () => now,
    ...(setup.helperTimeoutMs === undefined ? {} : { helperTimeoutMs: setup.helperTimeoutMs }),
  });
  const find = (name: string) => {
    const slash = name.indexOf('/');
    return credentials.find({ registry: name.slice(0, slash), repository: name.slice(slash + 1) });
  };
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { path, find, credentials, wait };
}

export function basicAuth(username: string, secret: string): { readonly auth: string } {
  return { auth: Buffer.from(`${username}:${secret}`).toString('base64') };
}

/** Who a credential logs in as: tells entries apart. */
export function whoOf(found: FoundCredential | undefined): string | undefined {
  if (found === undefined) return undefined;
  return found.credential.kind === 'basic' ? found.credential.username : found.credential.kind;
}
