import type { HttpClient } from '../adapters/http/http-client.ts';

/** A proxy that cannot be used refuses each request with the reason: commands tell it image by image, and doctor the whole. */
export function orRefusal(create: () => HttpClient): HttpClient {
  try {
    return create();
  } catch (error) {
    return { request: () => Promise.reject(error), close: async () => undefined };
  }
}
