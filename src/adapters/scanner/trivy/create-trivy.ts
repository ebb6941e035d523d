import { createHash } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { objectMember, parseJsonObject, textMember } from '../../../domain/image/json-value.ts';
import { formatInstant } from '../../../domain/source/instant.ts';
import { parseReport } from '../../../domain/vulnerability/parse-report.ts';
import { refusalOfTrivy } from '../../../domain/vulnerability/trivy-release.ts';
import {
  type ScanEvidence,
  type Scanner,
  type ScannerDescription,
  ScannerError,
  type ScannerInspection,
} from '../../../ports/scanner.ts';
import { inTemporaryFolder } from '../../process/in-temporary-folder.ts';
import { readWritten } from './read-written.ts';
import { runTrivy, type TrivyBounds, type TrivyProgram } from './run-trivy.ts';
import type { TrivyDatabase } from './trivy-database.ts';

export const trivyBounds: TrivyBounds = {
  timeoutMs: 600_000,
  maxReportBytes: 256 * 1024 * 1024,
  minFreeBytes: 256 * 1024 * 1024,
};

/** Trivy: a program that looks at images, and the database that it matches them with. */
export function createTrivy(program: TrivyProgram, database: TrivyDatabase): Scanner & ScannerInspection {
  let described: Promise<ScannerDescription> | undefined;
  const describe = () => {
    described ??= describeTrivy(database);
    return described;
  };
  return {
    inspect: () => database.inspect(),
    describe,
    async scan({ path, name, digest }) {
      const { version } = await describe();
      const purpose = `scan ${name}`;
      return inTemporaryFolder(async (folder) => {
        // The report tells what it was given: a name that is this image's alone, and no path of this machine. Trivy would also
        // read a tag or digest behind a colon or an at sign of the path.
        const given = digest.replace(':', '-');
        await symlink(resolve(path), join(folder, given));
        const found = await match({ program, database, folder, purpose }, ['image', '--input', given], given);
        const inventory = await takeInventory(program, folder, purpose);
        const scan = { ...found.scan, name, digests: [digest], scanner: { name: 'trivy', version } } as const;
        return { ...found, scan, inventory };
      });
    },
    async rematch(inventory) {
      const { version } = await describe();
      const document = parseInventory(inventory);
      if (document === undefined)
        throw new ScannerError(
          'malformed',
          'cannot match an inventory: it is no CycloneDX document in JSON; scan the image anew',
        );
      const name = textMember(objectMember(objectMember(document, 'metadata'), 'component'), 'name') ?? 'an inventory';
      return inTemporaryFolder(async (folder) => {
        const given = `${createHash('sha256').update(inventory).digest('hex')}.json`;
        await writeFile(join(folder, given), inventory);
        const purpose = `match the inventory of ${name}`;
        const found = await match({ program, database, folder, purpose }, ['sbom', given], given);
        // An inventory knows layers, and not their order.
        return { ...found, scan: { ...found.scan, name, layers: [], scanner: { name: 'trivy', version } } };
      });
    },
  };
}

async function describeTrivy(database: TrivyDatabase): Promise<ScannerDescription> {
  const { version, place } = await database.inspect();
  const refusal = refusalOfTrivy(version);
  if (refusal !== undefined) throw new ScannerError('missing', `cannot use Trivy at ${place}: ${refusal}`);
  await database.renew();
  return { name: 'trivy', version, databaseAt: await database.builtAt() };
}

type Matching = {
  readonly program: TrivyProgram;
  readonly database: TrivyDatabase;
  readonly folder: string;
  readonly purpose: string;
};

const reportFile = 'report.json';
const inventoryFile = 'inventory.json';

/** One report, of one database: another process, or the server, may renew it meanwhile. */
async function match(
  matching: Matching,
  target: readonly string[],
  given: string,
): Promise<Pick<ScanEvidence, 'scan' | 'report'>> {
  const { database, purpose } = matching;
  for (const _attempt of [1, 2]) {
    const before = await database.builtAt();
    const found = await matchOnce(matching, target, given);
    if ((await database.builtAt()) === before)
      return { ...found, scan: { ...found.scan, databaseAt: formatInstant(before) } };
  }
  throw new ScannerError('database', `cannot ${purpose}: the database was renewed meanwhile, twice; try again`);
}

async function matchOnce(
  { program, database, folder, purpose }: Matching,
  target: readonly string[],
  given: string,
): Promise<Pick<ScanEvidence, 'scan' | 'report'>> {
  const { timeoutMs, maxReportBytes } = program.bounds;
  // No filter of severity or status: what is not in the report cannot be judged later. `--offline-scan`: an image does not get to
  // name hosts that are asked.
  const asked = ['--format', 'json', '--list-all-pkgs', '--scanners', 'vuln', '--offline-scan'];
  const bounded = ['--timeout', `${timeoutMs}ms`, '--output', reportFile];
  const own = target[0] === 'image' ? ['--cache-backend', 'memory'] : [];
  const args = [...target, ...asked, ...own, ...bounded, ...database.args];
  const end = await runTrivy(program, { args, purpose, folder, written: reportFile });
  const report = await readWritten(join(folder, reportFile), maxReportBytes, purpose, end);
  const reading = parseReport(report);
  const reason =
    reading.kind === 'refused'
      ? reading.reason
      : reading.scan.scanner.name !== 'trivy' || reading.scan.name !== given
        ? 'is of something else than it was given'
        : undefined;
  if (reading.kind === 'refused' || reason !== undefined)
    throw new ScannerError('malformed', `cannot ${purpose}: what Trivy wrote ${reason}; ${end.said}`);
  return { scan: reading.scan, report };
}

/** From the report, without another look at the image. */
async function takeInventory(program: TrivyProgram, folder: string, purpose: string): Promise<string> {
  const args = ['convert', '--format', 'cyclonedx', '--output', inventoryFile, reportFile];
  const end = await runTrivy(program, { args, purpose, folder, written: inventoryFile });
  const inventory = await readWritten(join(folder, inventoryFile), program.bounds.maxReportBytes, purpose, end);
  if (parseInventory(inventory) === undefined)
    throw new ScannerError(
      'malformed',
      `cannot ${purpose}: the inventory that Trivy wrote is no whole CycloneDX document; ${end.said}`,
    );
  return inventory;
}

function parseInventory(text: string) {
  const document = parseJsonObject(text);
  return textMember(document, 'bomFormat') === 'CycloneDX' ? document : undefined;
}
