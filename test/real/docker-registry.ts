import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runTool } from './run-tool.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';

/** The one user there is; it may write everywhere. */
export const user = { username: 'publisher', secret: 'correct horse' } as const;

export type DockerRegistry = {
  /** `127.0.0.1:34567`. */
  readonly host: string;
  /** Of the token service; absent where there is none. */
  readonly tokenHost: string | undefined;
  close(): Promise<void>;
};

/** Debian's docker-registry with a configuration, port and folder of its own; nothing of a service that runs already. */
export async function startDockerRegistry(access: 'open' | 'basic' | 'token'): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'basekeeper-registry-'));
  let tokens: TokenServer | undefined;
  let served: Served | undefined;
  const close = async (): Promise<void> => {
    await served?.close();
    await tokens?.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (access === 'token') tokens = await startTokenServer(folder);
    const auth = await authSection(access, folder, tokens);
    served = await serve(folder, auth);
  } catch (cause) {
    await close();
    throw cause;
  }
  return { host: served.host, tokenHost: tokens?.host, close };
}

async function authSection(
  access: 'open' | 'basic' | 'token',
  folder: string,
  tokens: TokenServer | undefined,
): Promise<object> {
  if (tokens !== undefined) {
    const { realm, service, issuer, certificate } = tokens;
    return { auth: { token: { realm, service, issuer, rootcertbundle: certificate } } };
  }
  if (access === 'open') return {};
  const path = join(folder, 'htpasswd');
  // docker-registry reads bcrypt alone.
  writeFileSync(path, `${await runTool('htpasswd', ['-Bbn', user.username, user.secret])}\n`);
  return { auth: { htpasswd: { realm: 'basekeeper-test', path } } };
}

type Served = { readonly host: string; close(): Promise<void> };

async function serve(folder: string, auth: object): Promise<Served> {
  const configuration = join(folder, 'config.json');
  // JSON is YAML too.
  writeFileSync(
    configuration,
    JSON.stringify({
      version: 0.1,
      log: { level: 'info', formatter: 'json' },
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: '127.0.0.1:0', secret: 'only for a test' },
      ...auth,
    }),
  );
  const child = spawn('docker-registry', ['serve', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface(child.stderr);
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    const [, host] = /"listening on (127\.0\.0\.1:[0-9]+)"/.exec(line) ?? [];
    if (host === undefined) continue;
    // It goes on talking; nobody listens, and the pipe must not fill.
    child.stderr.resume();
    return {
      host,
      close: async () => {
        child.kill();
        await exited;
      },
    };
  }
  await exited;
  throw new Error(`docker-registry did not start: ${said.slice(-3).join(' ')}`);
}
