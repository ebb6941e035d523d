import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fleetJsonSchema } from '../../src/config/fleet-schema.ts';
import { policyJsonSchema } from '../../src/config/policy-schema.ts';
import { allRules } from '../../src/domain/policy/rules/all-rules.ts';
import { fleetReference } from './fleet-reference.ts';
import { policyReference } from './policy-reference.ts';
import { withRealRuns } from './readme-run.ts';
import { rulePages } from './rule-pages.ts';
import { scoreboard } from './scoreboard.ts';

const root = join(import.meta.dirname, '..', '..');

/** Every generated document: path from the root of the project → text. `test/docs.test.ts` holds the tree against it. */
export function generatedDocuments(): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  for (const [path, text] of rulePages(allRules)) documents.set(`docs/${path}`, text);
  const schema = policyJsonSchema();
  documents.set('docs/policy.md', policyReference(schema));
  documents.set('docs/policy.schema.json', `${JSON.stringify(schema, undefined, 2)}\n`);
  const fleetSchema = fleetJsonSchema();
  documents.set('docs/fleet.md', fleetReference(fleetSchema));
  documents.set('docs/fleet.schema.json', `${JSON.stringify(fleetSchema, undefined, 2)}\n`);
  documents.set('docs/scoreboard.md', scoreboard());
  documents.set('README.md', withRealRuns(readFileSync(join(root, 'README.md'), 'utf8')));
  return documents;
}

if (import.meta.main) {
  for (const [path, text] of generatedDocuments()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
