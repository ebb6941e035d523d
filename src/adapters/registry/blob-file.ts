import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Digest } from '../../domain/image/manifest.ts';
import type { BodyReceiver } from '../http/http-client.ts';

/** A blob on its way to disk: what of it was written, and the digest of that. */
export class BlobFile implements BodyReceiver {
  readonly #path: string;
  #file: FileHandle | undefined;
  #hash: Hash = createHash('sha256');
  #sizeBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async begin(): Promise<void> {
    await this.close();
    this.#file = await open(this.#path, 'w', 0o600);
    this.#hash = createHash('sha256');
    this.#sizeBytes = 0;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    await this.#file?.appendFile(bytes);
  }

  /** @returns what was written. */
  async finish(): Promise<{ readonly digest: Digest; readonly sizeBytes: number }> {
    await this.close();
    return { digest: `sha256:${this.#hash.digest('hex')}`, sizeBytes: this.#sizeBytes };
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
