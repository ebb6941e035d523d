import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpClient } from '../../../../src/adapters/http/http-client.ts';
import { serverDatabase } from '../../../../src/adapters/scanner/trivy/server-database.ts';
import { ScannerError } from '../../../../src/ports/scanner.ts';
import { startVersionServer } from './version-server.ts';

for (const [said, text, status, code, message] of [
  ['has no database', '{"Version":"0.68.2"}', 200, 'database', /has no database yet/],
  ['is another', '<html>', 200, 'malformed', /answered with status 200 and no version; is it one\?$/],
  ['refuses', '{"Version":"0.68.2"}', 500, 'malformed', /answered with status 500/],
  ['answers for ever', `{"Version":"${'x'.repeat(100_000)}"}`, 200, 'malformed', /larger than 65536 bytes/],
  ['tells no plain version', '{"Version":"1\\u001b[31m"}', 200, 'malformed', /no version/],
] as const)
  test(`a server that ${said} is ${code}`, async () => {
    const server = await startVersionServer(text, status);
    const http = createHttpClient();
    try {
      await assert.rejects(
        serverDatabase(http, new URL(server.origin)).builtAt(),
        (error) => error instanceof ScannerError && error.code === code && message.test(error.message),
      );
    } finally {
      await http.close();
      await server.close();
    }
  });

test('a server that is not there is missing, and the setting is named', async () => {
  const server = await startVersionServer('');
  await server.close();
  const http = createHttpClient();
  await assert.rejects(
    serverDatabase(http, new URL(server.origin)).inspect(),
    (error) =>
      error instanceof ScannerError &&
      error.code === 'missing' &&
      /is BASEKEEPER_TRIVY_SERVER right\?/.test(error.message),
  );
  await http.close();
});
