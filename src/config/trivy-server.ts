import { namedUrl } from './named-url.ts';

/** The address of a Trivy server; `undefined` for what is none, also where it holds a user: its token is `TRIVY_TOKEN`. */
export function trivyServerOf(written: string): URL | undefined {
  const url = namedUrl(written);
  return url === undefined || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== ''
    ? undefined
    : url;
}
