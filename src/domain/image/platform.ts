/** `os/architecture[/variant]`, normalised as containerd does. */
export type Platform = { readonly os: string; readonly architecture: string; readonly variant?: string };

// A map, for `constructor` is a word that people can write.
const architectures: ReadonlyMap<string, readonly [architecture: string, variant?: string]> = new Map([
  ['x86_64', ['amd64']],
  ['x86-64', ['amd64']],
  ['i386', ['386']],
  ['i486', ['386']],
  ['i586', ['386']],
  ['i686', ['386']],
  ['aarch64', ['arm64']],
  ['armhf', ['arm', 'v7']],
  ['armel', ['arm', 'v6']],
]);

const part = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Reads `linux/arm64`, `linux/arm/v7`, `windows/amd64`; a lone architecture or system is completed with `linux` or `amd64`.
 *
 * @returns `undefined` for anything else.
 */
export function parsePlatform(text: string): Platform | undefined {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || !parts.every((piece) => part.test(piece))) return undefined;
  const [first = '', second, third] = parts;
  if (second === undefined) {
    if (first === 'linux' || first === 'windows' || first === 'darwin' || first === 'freebsd')
      return normalised(first, 'amd64');
    return isArchitecture(first) ? normalised('linux', first) : undefined;
  }
  return normalised(first === 'macos' ? 'darwin' : first, second, third);
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

function normalised(os: string, architecture: string, variant?: string): Platform {
  const [known, implied] = architectures.get(architecture) ?? [architecture];
  const chosen = variant ?? implied;
  // containerd: arm64/v8 and arm without a variant are the defaults of their architecture.
  if (known === 'arm64' && (chosen === 'v8' || chosen === '8')) return { os, architecture: known };
  if (known === 'arm') return { os, architecture: known, variant: withV(chosen ?? 'v7') };
  if (known === 'amd64' && chosen === 'v1') return { os, architecture: known };
  return chosen === undefined ? { os, architecture: known } : { os, architecture: known, variant: chosen };
}

function withV(variant: string): string {
  return variant.startsWith('v') ? variant : `v${variant}`;
}

function isArchitecture(text: string): boolean {
  return architectures.has(text) || /^(amd64|arm64|arm|386|ppc64le|s390x|riscv64|mips64le|loong64)$/.test(text);
}
