import { tooLarge } from './read-body.ts';

/** Where the body of an answer goes piece by piece. */
export type BodyReceiver = {
  /** Before the first piece: what an earlier attempt left is nothing. */
  begin(): Promise<void>;
  /** The next piece waits for it. */
  write(bytes: Uint8Array): Promise<void>;
};

/** Carries what a receiver threw past what the network may throw. */
export class ReceiverFailed extends Error {
  override readonly name = 'ReceiverFailed';
}

/** Hands on at most `maxBytes`, without unpacking. */
export async function receiveBody(
  stream: AsyncIterable<Uint8Array>,
  receiver: BodyReceiver,
  maxBytes: number,
  onPiece: () => void,
): Promise<void> {
  let length = 0;
  await failing(() => receiver.begin());
  for await (const bytes of stream) {
    length += bytes.length;
    // Leaving the loop cuts the connection: the rest is not waited for.
    if (length > maxBytes) throw tooLarge(maxBytes);
    await failing(() => receiver.write(bytes));
    onPiece();
  }
}

async function failing(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (cause) {
    throw new ReceiverFailed('the receiver failed', { cause });
  }
}
