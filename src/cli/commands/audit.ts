import { hash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AuditExport } from '../../flows/audit/export-audit.ts';
import { exportAudit } from '../../flows/audit/export-audit.ts';
import { verifyAudit } from '../../flows/audit/verify-audit.ts';
import { brokenSentence, verdictText } from '../../render/audit/verdict.ts';
import { count } from '../../render/familiar.ts';
import { jsonText } from '../../render/json-text.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { withLedger } from '../open-history.ts';
import { print, printAll, writeWholeBy } from '../output.ts';
import { readLines } from '../read-lines.ts';
import { instantOf } from '../run-options.ts';

type VerifyOptions = { readonly head?: string; readonly after?: string; readonly json?: boolean };
type ExportOptions = { readonly since?: string; readonly output?: string };

export function addAuditCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('audit')
    .description('prove what was recorded of findings, from detection to release');
  command
    .command('export')
    .description('everything that was recorded, as JSON lines that are tied to each other by hashes')
    .option('--since <date>', 'begin with the first event that happened since then')
    .option('-o, --output <file>', 'write it to a file, whole or not at all')
    .action(async ({ since, output }: ExportOptions) => {
      const told = await withLedger(async (ledger) => {
        const from = since === undefined ? {} : { since: Date.parse(instantOf(since, '--since')) };
        const exported = (write: (text: string) => Promise<void>) =>
          ledger === undefined ? undefined : exportAudit(ledger, { ...from, sha256, write });
        return output === undefined
          ? exported(printAll)
          : writeWholeBy(resolve(output), async (write) => exported(write));
      });
      process.stderr.write(exportSentence(told));
      if (told !== undefined && told.verdict.broken !== null) setExitCode(exitCodes.verdict);
    });
  command
    .command('verify')
    .description(
      'find the first line of an export that was changed, moved, taken out or cut off; exit 1 where there is one',
    )
    .argument('<file>', 'what audit export wrote')
    .option('--head <hash>', 'of a report or an earlier export: has to be in the file')
    .option('--after <hash>', 'what the first line follows on, of an export that was made with --since')
    .option('--json', 'as JSON')
    .action(async (file: string, { json, ...options }: VerifyOptions) => {
      for (const [name, value] of Object.entries(options))
        if (!/^[0-9a-f]{64}$/.test(value))
          throw new UsageError(`--${name} ${JSON.stringify(value)} is no hash: copy its 64 digits from the report`);
      const verdict = await verifyAudit(readLines(file), { ...options, sha256: sha256OfBytes });
      print(json === true ? jsonText(verdict) : verdictText(verdict));
      if (verdict.broken !== null || verdict.wanted === 'missing') setExitCode(exitCodes.verdict);
    });
}

function exportSentence(told: AuditExport | undefined): string {
  if (told === undefined) return 'Nothing was recorded yet: basekeeper monitor --scan follows findings.\n';
  const { after, verdict } = told;
  const { events, head, broken } = verdict;
  if (broken !== null) return `basekeeper: the ledger was changed: ${brokenSentence(broken)}\n`;
  const follows =
    after.sequence === 0 ? '' : ` They follow event ${after.sequence}: verify them with --after ${after.hash}.`;
  return `${count(events, 'event')}.${follows} Head: ${head.hash}\n`;
}

function sha256(text: string): string {
  return hash('sha256', text);
}

/** Of the lines of a file, see `readLines`. */
function sha256OfBytes(text: string): string {
  return hash('sha256', Buffer.from(text, 'latin1'));
}
