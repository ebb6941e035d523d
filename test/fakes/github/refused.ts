/** As GitHub words it. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
  constructor(
    status: number,
    message: string,
    more: { readonly errors?: readonly unknown[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.headers = more.headers ?? {};
    this.body = {
      message,
      ...(more.errors === undefined ? {} : { errors: more.errors }),
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    };
  }
}

export function invalid(resource: string, ...messages: readonly string[]): Refused {
  const errors = messages.map((message) => ({ resource, code: 'custom', message }));
  return new Refused(422, 'Validation Failed', { errors });
}

export function notFound(): Refused {
  return new Refused(404, 'Not Found');
}
