/** `gitlab.corp.example` is written as often as the whole address. @returns `undefined` for what is neither */
export function namedUrl(written: string | undefined): URL | undefined {
  if (written === undefined) return undefined;
  const address = written.includes('://') ? written : `https://${written}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}
