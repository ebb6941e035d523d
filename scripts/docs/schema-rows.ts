type Schema = {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly const?: unknown;
};

type Row = { readonly path: string; readonly form: string; readonly description: string };

/** One row for each key of a JSON Schema, in its order. */
export function schemaRows(schema: Record<string, unknown>): readonly Row[] {
  return rowsOf(schema as Schema, '');
}

function rowsOf(schema: Schema, path: string): readonly Row[] {
  const own = path === '' ? [] : [{ path, form: formOf(schema), description: schema.description ?? '' }];
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    rowsOf(child, path === '' ? key : `${path}.${key}`),
  );
  const items = schema.items?.properties === undefined ? [] : rowsOf(schema.items, `${path}[]`).slice(1);
  const entry = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const entries = entry?.properties === undefined ? [] : rowsOf(entry, `${path}.HOST`).slice(1);
  return [...own, ...inner, ...items, ...entries];
}

function formOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(formOf))].join(' or ');
  if (schema.type === 'array') return schema.items === undefined ? 'list' : `list of ${formOf(schema.items)}`;
  if (schema.type === 'object') return 'mapping';
  return { string: 'text', integer: 'whole number', boolean: '`true`, `false`' }[schema.type ?? ''] ?? 'text';
}
