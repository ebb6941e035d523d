/**
 * What a verification leaves behind: reports, inventories, logs and decisions, by name. What is there is there whole.
 *
 * @throws EvidenceError from every call.
 */
export interface Evidence {
  /** Where people find it. */
  readonly place: string;
  /** @param name `builds/1a2b.json`. @returns `undefined` for what is not there. */
  read(name: string): Promise<string | undefined>;
  /** @returns the absolute path. */
  write(name: string, text: string): Promise<string>;
}

/** The folder cannot be written, or is full. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}
