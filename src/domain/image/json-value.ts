/** JSON written by others: every look says what it expects, and anything else is absent. */
export type JsonObject = { readonly [member: string]: unknown };

/** @returns `undefined` for what is no JSON text of an object. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): JsonObject | undefined {
  // An object by its own account: what its members are is asked one by one.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The object's own member: `constructor` is none unless it was written. */
export function member(object: JsonObject | undefined, name: string): unknown {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function objectMember(object: JsonObject | undefined, name: string): JsonObject | undefined {
  return asObject(member(object, name));
}

export function textMember(object: JsonObject | undefined, name: string): string | undefined {
  const value = member(object, name);
  return typeof value === 'string' ? value : undefined;
}

/** `null` and what is no list are absent. */
export function listMember(object: JsonObject | undefined, name: string): readonly unknown[] | undefined {
  const value = member(object, name);
  return Array.isArray(value) ? value : undefined;
}
