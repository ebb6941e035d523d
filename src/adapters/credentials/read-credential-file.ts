import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { CredentialError } from '../../ports/credentials.ts';

/** Docker's `config.json` or Podman's `auth.json`, as far as credentials go. */
export type CredentialFile = {
  readonly auths: ReadonlyMap<string, AuthEntry>;
  /** Host → the name of its helper; an empty name means that this host's entry stands in the file. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The helper of every other host. */
  readonly store?: string;
};

/** Fields as they stand in the file; whatever is no text is left out. */
export type AuthEntry = Readonly<Record<string, string>>;

const maxBytes = 1024 * 1024;
const maxMiB = maxBytes / 1024 / 1024;

/** @returns `undefined` where there is no such file. @param source its name in messages. */
export async function readCredentialFile(path: string, source: string): Promise<CredentialFile | undefined> {
  const text = await readText(path, source);
  return text === undefined ? undefined : parseCredentialFile(text, source);
}

/** @throws CredentialError that says what is wrong and repeats nothing of the text. */
export function parseCredentialFile(text: string, source: string): CredentialFile {
  if (Buffer.byteLength(text) > maxBytes) throw tooLarge(source);
  const content = text.replace(/^\uFEFF/, '');
  // Podman reads an empty file as one without entries.
  const value = content.trim() === '' ? {} : parseJson(content, source);
  if (!isRecord(value)) throw new CredentialError(`${source} holds no JSON object: docker login writes a new one`);
  const section = (name: string): ReadonlyMap<string, unknown> => {
    const part = value[name] ?? {};
    if (!isRecord(part)) throw new CredentialError(`${source}: "${name}" is no JSON object: correct it`);
    return new Map(Object.entries(part));
  };
  const store = value['credsStore'];
  return {
    auths: new Map([...section('auths')].map(([key, entry]) => [key, textsOf(entry)])),
    helpers: new Map(
      [...section('credHelpers')].flatMap(([key, name]) => (typeof name === 'string' ? [[key, name]] : [])),
    ),
    ...(typeof store === 'string' && store !== '' ? { store } : {}),
  };
}

async function readText(path: string, source: string): Promise<string | undefined> {
  try {
    // A link may lead to a pipe: without O_NONBLOCK opening it would wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new CredentialError(`${source} is no file: remove it`);
      if (found.size > maxBytes) throw tooLarge(source);
      const buffer = Buffer.alloc(found.size);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CredentialError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT') return undefined;
    throw new CredentialError(`${source} cannot be read (${code}): correct its permissions, or remove it`);
  }
}

function tooLarge(source: string): CredentialError {
  return new CredentialError(`${source} is larger than ${maxMiB} MiB, too large for credentials: remove it`);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine's message repeats a piece of the text, which may be a secret: only the place is taken from it.
    const place = error instanceof Error ? /\(line (\d{1,9}) column (\d{1,9})\)$/.exec(error.message) : null;
    const where = place === null ? '' : ` in line ${place[1]}, column ${place[2]}`;
    throw new CredentialError(`${source} is not valid JSON${where}: correct it, or remove it and log in again`);
  }
}

function textsOf(entry: unknown): AuthEntry {
  if (!isRecord(entry)) return {};
  return Object.fromEntries(
    Object.entries(entry).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
