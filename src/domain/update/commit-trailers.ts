/** What the last lines of a commit of ours say: which proposal it is, and which change exactly. */
export type ProposalTrailers = { readonly key: string; readonly fingerprint: string };

const keyName = 'Basekeeper-Key';
const fingerprintName = 'Basekeeper-Fingerprint';

export function formatTrailers({ key, fingerprint }: ProposalTrailers): readonly string[] {
  return [`${keyName}: ${key}`, `${fingerprintName}: ${fingerprint}`];
}

/** @returns `undefined` for a commit that is none of ours, and for one that was written to look so by halves. */
export function readTrailers(message: string): ProposalTrailers | undefined {
  // A message is as long as its writer likes; ours end in a few short lines.
  const lines = message.slice(-2000).trimEnd().split(/\n\n+/).at(-1)?.split('\n') ?? [];
  const readValue = (name: string) => {
    const values = lines.flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));
    return values.length === 1 && /^[0-9a-f]{16}$/.test(values[0] ?? '') ? values[0] : undefined;
  };
  const [key, fingerprint] = [readValue(keyName), readValue(fingerprintName)];
  return key === undefined || fingerprint === undefined ? undefined : { key, fingerprint };
}
