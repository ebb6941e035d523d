import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { placesIn, templateOf } from './route-template.ts';

type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
};

// What scripts/github/write-schemas.ts wrote.
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/github/answers.json'), 'utf8')) as {
  /** `null`: an answer without body. */
  readonly answers: Readonly<Record<string, Schema | null>>;
  readonly definitions: Readonly<Record<string, Schema>>;
};

const ajv = new Ajv({ strict: false, formats: { 'repo.nwo': true, timestamp: true } });
addFormats.default(ajv);
const routes = [...new Set(Object.keys(fixture.answers).map((name) => name.replace(/ \d+$/, '')))].map(templateOf);
const validators = new Map<string, ValidateFunction>();

/** Of a refusal that the description leaves out, as GitHub leaves out most of them. */
const anyRefusal: Schema = { $ref: '#/definitions/basic-error' };
// The description asks this of some refusals only; GitHub gives it with each.
const worded: Schema = { type: 'object', required: ['message', 'documentation_url'] };

/** @throws when the answer to a route is none that GitHub would give, a refusal included. */
export function holdToSchema(route: string, status: number, answer: unknown): void {
  const name = `${route} ${status}`;
  const schema = fixture.answers[name] ?? (status >= 400 ? anyRefusal : undefined);
  if (!Object.hasOwn(fixture.answers, name) && schema === undefined)
    throw new Error(`nothing says what GitHub answers to ${name}`);
  if (schema === undefined) {
    if (answer !== undefined) throw new Error(`the answer to ${name} has a body, and GitHub's has none`);
    return;
  }
  const validate = validators.get(name) ?? compiled(status < 400 ? schema : { allOf: [schema, worded] });
  validators.set(name, validate);
  if (!validate(answer))
    throw new Error(`the answer to ${name} is none of GitHub's: ${ajv.errorsText(validate.errors)}`);
}

function compiled(schema: Schema): ValidateFunction {
  return ajv.compile({ ...schema, definitions: fixture.definitions });
}

/** By GitHub's name, for a request to a route that the fixture has. */
export function routeOf(method: string, pathname: string): string | undefined {
  return routes.find(({ method: own, parts }) => own === method && placesIn(parts, pathname) !== undefined)?.route;
}

/** What a definition requires besides `values`, as empty as it may be: nobody here reads it. */
export function describeAs(definition: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return filled(definitionOf(`#/definitions/${definition}`), values);
}

function filled(schema: Schema, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const rest = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(values, name))
    .map((name) => [name, emptyOf(schema.properties?.[name] ?? {}, name)]);
  return { ...Object.fromEntries(rest), ...values };
}

function emptyOf(given: Schema, name: string): unknown {
  const schema = given.$ref === undefined ? given : definitionOf(given.$ref);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined)
    return choices.some(({ type }) => type === 'null') ? null : emptyOf(choices[0] ?? {}, name);
  if (schema.allOf !== undefined) return emptyOf(schema.allOf[0] ?? {}, name);
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'string':
      return textOf(schema.format, name);
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    default:
      return filled(schema, {});
  }
}

function textOf(format: string | undefined, name: string): string {
  if (format === 'uri') return `https://github.example/${name}`;
  return format === 'date-time' ? '2026-01-01T00:00:00Z' : name;
}

function definitionOf(reference: string): Schema {
  const found = fixture.definitions[reference.replace('#/definitions/', '')];
  if (found === undefined) throw new Error(`no definition ${reference}`);
  return found;
}
