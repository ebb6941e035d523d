import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { createTrivy, trivyBounds } from '../../src/adapters/scanner/trivy/create-trivy.ts';
import { ownDatabase } from '../../src/adapters/scanner/trivy/own-database.ts';
import { serverDatabase } from '../../src/adapters/scanner/trivy/server-database.ts';
import { trivyEnvironment } from '../../src/adapters/scanner/trivy/trivy-environment.ts';
import { type Scanner, ScannerError } from '../../src/ports/scanner.ts';
import { placeImage, scannerContract } from '../contracts/scanner.contract.ts';
import { type Database, firstDatabase, laterDatabase } from '../fakes/os-image/scanned-images.ts';
import { placeDatabase } from '../fakes/trivy-db/place-database.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { pushDatabase } from './push-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'real-trivy-'));
const http = createHttpClient();
const closing: (() => Promise<unknown>)[] = [() => http.close()];
after(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true });
});

const program = (variables: Readonly<Record<string, string>> = {}) => ({
  path: realTrivy,
  environment: trivyEnvironment({ ...process.env, ...variables }),
  bounds: trivyBounds,
});

/** One for a database: it takes the packed program two seconds to start, and a scanner asks for its version once. */
function keep(make: (database: Database) => Promise<Scanner>) {
  const scanners = new Map<Database, Promise<Scanner>>();
  return async (database: Database, use: (scanner: Scanner) => Promise<void>) => {
    const scanner = scanners.get(database) ?? make(database);
    scanners.set(database, scanner);
    await use(await scanner);
  };
}

function cacheOf({ updatedAt }: Database): string {
  return join(folder, updatedAt.replaceAll(':', ''));
}

for (const database of [firstDatabase, laterDatabase]) placeDatabase(cacheOf(database), database);

scannerContract({
  name: 'Trivy',
  withScanner: keep(async (database) => {
    const { path, ...rest } = program();
    const cacheFolder = cacheOf(database);
    return createTrivy({ path, ...rest }, ownDatabase({ path, ...rest }, { cacheFolder, isKept: true }));
  }),
});

const token = 'correct horse';

scannerContract({
  name: 'Trivy with a server',
  withScanner: keep(async (database) =>
    createTrivy(program({ TRIVY_TOKEN: token }), serverDatabase(http, new URL(await startServer(database)))),
  ),
});

test('Trivy fetches its database from a mirror, once for a run', async () => {
  const registry = await startDockerRegistry('open');
  try {
    const repository = await pushDatabase(registry.host, laterDatabase);
    const trivy = program({ TRIVY_DB_REPOSITORY: repository });
    const scanner = createTrivy(trivy, ownDatabase(trivy, { cacheFolder: join(folder, 'fetched'), isKept: false }));
    assert.equal((await scanner.inspect()).databaseAt, undefined);
    assert.equal((await scanner.describe()).databaseAt, Date.parse(laterDatabase.updatedAt));
    await registry.close();
    const { scan } = await scanner.scan(placeImage(folder, 'old'));
    assert.equal(scan.findings.length, 5);
  } finally {
    await registry.close();
  }
});

test('a mirror that has none is told, with what Trivy says and what to do', async () => {
  const registry = await startDockerRegistry('open');
  const trivy = program({ TRIVY_DB_REPOSITORY: `${registry.host}/none` });
  const scanner = createTrivy(trivy, ownDatabase(trivy, { cacheFolder: join(folder, 'none'), isKept: false }));
  await assert.rejects(
    scanner.describe(),
    (error) =>
      error instanceof ScannerError && error.code === 'database' && /name a mirror in TRIVY_DB_REP/.test(error.message),
  );
  await registry.close();
});

test('a database that cannot be read is no scan', async () => {
  const cacheFolder = join(folder, 'broken');
  placeDatabase(cacheFolder, { advisories: [], updatedAt: firstDatabase.updatedAt });
  rmSync(join(cacheFolder, 'db', 'trivy.db'));
  const trivy = program();
  const scanner = createTrivy(trivy, ownDatabase(trivy, { cacheFolder, isKept: true }));
  await assert.rejects(
    scanner.scan(placeImage(folder, 'old')),
    (error) => error instanceof ScannerError && error.code === 'database',
  );
});

async function startServer(database: Database): Promise<string> {
  const address = await freeAddress();
  const options = ['--cache-dir', cacheOf(database), '--skip-db-update', '--listen', address];
  const env = { ...process.env, TRIVY_TOKEN: token };
  const child = spawn(realTrivy, ['server', ...options], { env, stdio: 'ignore' });
  const ended = once(child, 'close');
  closing.unshift(async () => {
    child.kill();
    await ended;
  });
  const origin = `http://${address}`;
  // It says where it will listen before it does.
  for (const _look of Array(300)) {
    if ((await fetch(`${origin}/healthz`).catch(() => undefined))?.ok === true) return origin;
    await setTimeout(100);
  }
  throw new Error(`no Trivy server at ${origin} within 30 s`);
}

/** Told port 0, Trivy says that it listens on port 0. */
async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server on a port has an address with one; a text is that of a pipe.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}
