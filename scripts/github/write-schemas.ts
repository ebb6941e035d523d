import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, type JsonObject, member, objectMember, textMember } from '../../src/domain/image/json-value.ts';
import { fakeRoutes } from './fake-routes.ts';

/**
 * Takes the schemas of the answers that our fakes give, refusals too, out of GitHub's own description, once per version of it, by hand:
 *
 *   cd "$(mktemp -d)" && npm pack @octokit/openapi@23.0.2 && tar xzf *.tgz
 *   node scripts/github/write-schemas.ts THAT_FOLDER/package
 */
const [folder = ''] = process.argv.slice(2);
const fixture = join(import.meta.dirname, '../../test/fixtures/github/answers.json');

const description = parse(join(folder, 'generated/api.github.com.json'));
const manifest = parse(join(folder, 'package.json'));
const definitions = new Map<string, unknown>();

/** JSON Schema in place of OpenAPI 3.0's own dialect, without what says nothing of the shape. */
function schemaOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(schemaOf);
  const object = asObject(value);
  if (object === undefined) return value;
  const reference = textMember(object, '$ref');
  if (reference !== undefined) {
    const name = reference.split('/').at(-1) ?? '';
    if (!definitions.has(name)) {
      // Before it is read: schemas name themselves.
      definitions.set(name, true);
      definitions.set(name, schemaOf(member(componentsOf(reference), name)));
    }
    return { $ref: `#/definitions/${name}` };
  }
  const kept = Object.entries(object)
    .filter(([name]) => keywords.has(name))
    .map(([name, inner]) => [name, name === 'properties' ? propertiesOf(inner) : schemaOf(inner)]);
  const schema = Object.fromEntries(kept);
  return member(object, 'nullable') === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

const keywords = new Set(
  'type format properties required items enum anyOf oneOf allOf not additionalProperties pattern minimum maximum minItems maxItems minLength maxLength'.split(
    ' ',
  ),
);

/** Their names are no keywords. */
function propertiesOf(properties: unknown): unknown {
  return Object.fromEntries(Object.entries(asObject(properties) ?? {}).map(([name, inner]) => [name, schemaOf(inner)]));
}

function componentsOf(reference: string): JsonObject | undefined {
  return reference
    .split('/')
    .slice(1, -1)
    .reduce<JsonObject | undefined>((object, name) => objectMember(object, name), description);
}

/** Of each status but redirections and faults of the server; `null` for an answer without body. */
function answersTo(route: string): readonly (readonly [string, unknown])[] {
  const [method = '', path = ''] = route.split(' ');
  const operation = objectMember(objectMember(objectMember(description, 'paths'), path), method.toLowerCase());
  const answers = Object.entries(objectMember(operation, 'responses') ?? {});
  if (answers.length === 0) throw new Error(`GitHub's description has no ${route}`);
  return answers.flatMap(([status, given]) => {
    if (!/^[24]/.test(status)) return [];
    const reference = textMember(asObject(given), '$ref');
    const answer = reference === undefined ? given : member(componentsOf(reference), reference.split('/').at(-1) ?? '');
    const content = objectMember(asObject(answer), 'content');
    const schema = objectMember(objectMember(content, 'application/json'), 'schema');
    // A refusal of which nothing is said has a body all the same.
    if (schema === undefined && status.startsWith('4')) return [];
    // Any refusal is a basic error too, so that one of two never is the only one.
    const { oneOf, ...rest } = schema ?? {};
    const choice = status.startsWith('4') && oneOf !== undefined ? { ...rest, anyOf: oneOf } : schema;
    return [[`${route} ${status}`, choice === undefined ? null : schemaOf(choice)]];
  });
}

function parse(file: string): JsonObject {
  const value = asObject(JSON.parse(readFileSync(file, 'utf8')));
  if (value === undefined) throw new Error(`${file} is no object`);
  return value;
}

const answers = Object.fromEntries(fakeRoutes.flatMap(answersTo));
// Of refusals that the description leaves out.
schemaOf({ $ref: '#/components/schemas/basic-error' });
const from = `@octokit/openapi ${textMember(manifest, 'version')}, MIT License, Copyright (c) 2020 Octokit contributors`;
writeFileSync(fixture, `${JSON.stringify({ from, answers, definitions: Object.fromEntries(definitions) }, null, 1)}\n`);
