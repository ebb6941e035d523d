import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import type { Fault } from './faults.ts';

/** Sends an answer as a good server does, or with what is wrong with it. */
export async function send(
  answer: Answer,
  response: ServerResponse,
  more: {
    readonly isHead: boolean;
    readonly isPacked: boolean;
    readonly fault: Fault | undefined;
    readonly released: () => Promise<void>;
  },
): Promise<void> {
  const { fault } = more;
  const socket = response.socket;
  // The other side may leave at any time; what is left to say then has nobody to hear it.
  response.on('error', () => {});
  if (fault?.kind === 'reset') {
    socket?.resetAndDestroy();
    return;
  }
  if (fault?.kind === 'held') await more.released();
  const body = bodyOf(answer, fault, more.isPacked);
  if (more.isPacked || fault?.kind === 'bomb') response.setHeader('Content-Encoding', 'gzip');
  writeHead(answer, response, fault?.kind === 'endless' ? undefined : body.length);
  if (more.isHead || answer.status === 304) {
    response.end();
    return;
  }
  const half = body.subarray(0, Math.ceil(body.length / 2));
  switch (fault?.kind) {
    case 'truncated':
      response.write(half, () => socket?.destroy());
      return;
    case 'held-body':
      response.write(half);
      await more.released();
      response.end(body.subarray(half.length));
      return;
    case 'endless':
      await writeForEver(body, response);
      return;
    default:
      response.end(body);
  }
}

function bodyOf({ body }: Answer, fault: Fault | undefined, isPacked: boolean): Buffer {
  if (fault?.kind === 'bomb') return bomb();
  const bytes = wrongBytes(body, fault);
  return isPacked ? gzipSync(bytes) : bytes;
}

function wrongBytes(body: Buffer, fault: Fault | undefined): Buffer {
  if (fault?.kind === 'other-bytes') return otherBytes(body);
  if (fault?.kind === 'longer') return Buffer.concat([body, Buffer.from('more')]);
  return fault?.kind === 'shorter' ? body.subarray(0, Math.floor(body.length / 2)) : body;
}

/** Members of a gzip file unpack one after the other: a megabyte, written a thousand times. */
function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(1024 * 1024, ' '));
  return Buffer.concat(Array.from({ length: 1024 }, () => member));
}

function writeHead({ status, headers }: Answer, response: ServerResponse, length: number | undefined): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (length !== undefined && status !== 304) response.setHeader('Content-Length', length);
}

/** Same length, other bytes, and still JSON where it was. */
function otherBytes(body: Buffer): Buffer {
  const other = Buffer.from(body);
  const at = other.findLastIndex((byte) => byte >= 0x30 && byte <= 0x39);
  if (at < 0) return Buffer.from(other.map((byte) => byte ^ 1));
  other.writeUInt8(other.readUInt8(at) === 0x31 ? 0x32 : 0x31, at);
  return other;
}

async function writeForEver(start: Buffer, response: ServerResponse): Promise<void> {
  const more = Buffer.alloc(64 * 1024, ' ');
  function* endless(): Generator<Buffer> {
    yield start.subarray(0, -2);
    while (true) yield more;
  }
  // It ends when the other side leaves, which a pipeline calls an error.
  await pipeline(Readable.from(endless()), response).catch(() => {});
}
