import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { serverDatabase } from '../../src/adapters/scanner/trivy/server-database.ts';
import { startVersionServer } from '../adapters/scanner/trivy/version-server.ts';
import { withTrivy } from '../adapters/scanner/trivy/with-trivy.ts';
import { scannerContract } from './scanner.contract.ts';

scannerContract({
  name: 'a program that plays Trivy',
  withScanner: ({ updatedAt }, use) => withTrivy({ state: { updatedAt } }, use),
});

scannerContract({
  name: 'the same with a server',
  async withScanner({ updatedAt }, use) {
    const version = { Version: '0.68.1', VulnerabilityDB: { UpdatedAt: updatedAt } };
    const server = await startVersionServer(JSON.stringify(version));
    const http = createHttpClient();
    try {
      await withTrivy({ database: serverDatabase(http, new URL(server.origin)) }, use);
    } finally {
      await http.close();
      await server.close();
    }
  },
});
