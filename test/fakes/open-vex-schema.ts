import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What the specification asks of a document, version 0.2.0, as far as a schema can say it. Nothing else may be in it. */
const text = { type: 'string' };
const iri = { type: 'string', format: 'uri' };
const instant = { type: 'string', format: 'date-time' };
const version = { type: 'integer', minimum: 1 };
const record = (properties: Record<string, unknown>, required: readonly string[] = []) => ({
  ...{ type: 'object', properties, required },
  additionalProperties: false,
});
const listOf = (items: unknown) => ({ type: 'array', uniqueItems: true, items });

const identifiers = record({ purl: text, cpe22: text, cpe23: text });
const part = { '@id': iri, identifiers, hashes: { type: 'object' } };
const product = record({ ...part, subcomponents: listOf(record(part)) });
const justifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
];
const why = ['justification', 'impact_statement'] as const;

const statement = {
  ...record(
    {
      ...{ '@id': iri, version, timestamp: instant, last_updated: instant, supplier: text, status_notes: text },
      vulnerability: record({ '@id': iri, name: text, description: text, aliases: listOf(text) }, ['name']),
      products: listOf(product),
      status: { enum: ['not_affected', 'affected', 'fixed', 'under_investigation'] },
      ...{ justification: { enum: justifications }, impact_statement: text },
      ...{ action_statement: text, action_statement_timestamp: instant },
    },
    ['vulnerability', 'status'],
  ),
  allOf: [
    {
      if: { properties: { status: { const: 'not_affected' } } },
      // One of them, and not both.
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
      then: { oneOf: why.map((name) => ({ required: [name] })) },
    },
    {
      if: { properties: { status: { const: 'affected' } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
      then: { required: ['action_statement'] },
    },
  ],
};

const schema = record(
  {
    ...{ '@context': { const: 'https://openvex.dev/ns/v0.2.0' }, '@id': iri, author: text, role: text },
    ...{ timestamp: instant, last_updated: instant, version, tooling: text },
    statements: { ...listOf(statement), minItems: 1 },
  },
  ['@context', '@id', 'author', 'timestamp', 'version', 'statements'],
);

const ajv = addFormats.default(new Ajv2020({ allErrors: true, strict: false }));
const validate = ajv.compile(schema);

/** What of a document is not as OpenVEX 0.2.0 has it. */
export function vexProblems(document: unknown): readonly string[] {
  return validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
