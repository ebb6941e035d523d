import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpClient } from '../../../../src/adapters/http/http-client.ts';
import { serverDatabase } from '../../../../src/adapters/scanner/trivy/server-database.ts';
import type { Scanner, ScannerInspection } from '../../../../src/ports/scanner.ts';
import { startVersionServer } from './version-server.ts';
import { withTrivy } from './with-trivy.ts';

type Server = { readonly text: string; readonly status?: number; readonly isGone?: boolean };

/** The adapter with a server that answers so, over a program of this version. */
async function withServer(
  { text, status, isGone = false }: Server,
  version: string,
  use: (scanner: Scanner & ScannerInspection) => Promise<void>,
): Promise<void> {
  const server = await startVersionServer(text, status);
  const http = createHttpClient();
  try {
    if (isGone) await server.close();
    const url = new URL(server.origin);
    await withTrivy({ state: { version }, database: (program) => serverDatabase(program, http, url) }, use);
  } finally {
    await http.close();
    if (!isGone) await server.close();
  }
}

const versionOf = (version: string) =>
  JSON.stringify({ Version: version, VulnerabilityDB: { UpdatedAt: '2026-11-25T00:00:00Z' } });

for (const [said, server, code, message] of [
  ['has no database', { text: '{"Version":"0.68.2"}' }, 'database', /has no database yet/],
  ['is another', { text: '<html>' }, 'malformed', /answered with status 200 and no version; is it one\?$/],
  ['refuses', { text: versionOf('0.68.2'), status: 500 }, 'malformed', /answered with status 500/],
  ['answers for ever', { text: `{"Version":"${'x'.repeat(100_000)}"}` }, 'malformed', /larger than 65536 bytes/],
  ['tells no plain version', { text: '{"Version":"1\\u001b[31m"}' }, 'malformed', /no version/],
  ['is not there', { text: '', isGone: true }, 'missing', /is BASEKEEPER_TRIVY_SERVER right\?$/],
  [
    'is a release that stole credentials',
    { text: versionOf('v0.69.4') },
    'missing',
    /127\.0\.0\.1.*GHSA-69fq-xp46-6x23/,
  ],
] as const)
  test(`a server that ${said} is ${code}`, () =>
    withServer(server, '0.68.2', (scanner) => assert.rejects(scanner.describe(), { code, message })));

test('a good server does not make a program good that stole credentials', () =>
  withServer({ text: versionOf('0.68.2') }, '0.69.4', (scanner) =>
    assert.rejects(scanner.inspect(), { code: 'missing', message: /home-.*GHSA-69fq-xp46-6x23/ }),
  ));

test("what a server says of itself is told with the server's address", () =>
  withServer({ text: versionOf('0.68.1') }, '0.68.2', async (scanner) => {
    const { version, place, databaseAt } = await scanner.inspect();
    assert.deepEqual([version, databaseAt], ['0.68.1', Date.parse('2026-11-25T00:00:00Z')]);
    assert.match(place, /^http:\/\/127\.0\.0\.1:\d+$/);
  }));
