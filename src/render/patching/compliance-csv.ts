import { criteria } from '../../domain/compliance/criterion.ts';
import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { csvCell } from './csv.ts';

/** One line per image use, with what became of each criterion: empty where it does not speak of the use. */
export function* complianceCsv({ compliance, owners, audit }: PatchReport): Generator<string> {
  const heads = ['row', 'repository', 'owner', 'team', 'path', 'line', 'reference', 'category'];
  const names = criteria.map(({ id }) => id.replaceAll('-', '_'));
  yield `${[...heads, ...names, 'breaches', 'waivers', 'audit_head'].join(',')}\r\n`;
  for (const { row, repository, path, line, reference, category, criteria: own, breaches } of compliance.places) {
    const { owner, team } = owners.get(repository) ?? {};
    const cells = [
      ...[row, repository, owner, team, path, line, reference, category ?? 'unknown'],
      ...criteria.map(({ id }) => own[id]),
      breaches.map(({ rule, verdict }) => `${rule} ${verdict}`).join('; '),
      [...new Set(breaches.flatMap(({ waiver }) => waiver ?? []))].join('; '),
    ];
    yield `${cells.map(csvCell).join(',')},${audit.head}\r\n`;
  }
}
