import { WorkspaceError } from '../../ports/workspace.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** How far a file is searched for the byte that no text has; git does the same. */
const sniffedBytes = 8192;

/** The text that the bytes of a file are. @throws WorkspaceError `binary`, `not-text`. */
export function decodeText(bytes: Uint8Array, path: string): string {
  if (bytes.subarray(0, sniffedBytes).includes(0)) {
    throw new WorkspaceError('binary', `${path} is binary (it holds a NUL byte), not text`);
  }
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new WorkspaceError('not-text', `${path} is not UTF-8, save it in that encoding`, { cause: error });
  }
}

export function tooLarge(path: string, maxBytes: number): WorkspaceError {
  return new WorkspaceError(
    'too-large',
    `${path} is larger than ${Math.floor(maxBytes / 1024)} KiB, which no such file needs`,
  );
}
