/** What a handler says; `wire.ts` sends it, well or badly. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
};

export function jsonAnswer(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    // Distribution ends its JSON with a line feed.
    body: Buffer.from(`${JSON.stringify(value)}\n`),
  };
}

/** An error as distribution writes it. */
export function errorAnswer(status: number, error: ErrorEntry, headers: Answer['headers'] = {}): Answer {
  return jsonAnswer(status, { errors: [error] }, headers);
}

type ErrorEntry = { readonly code: string; readonly message: string; readonly detail?: unknown };
