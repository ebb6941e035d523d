/**
 * What Trivy gets of the environment: where it finds its database, how it reaches it, and nothing else. No token of a forge is in it, and none
 * of Trivy's own variables that take findings out of a report (`TRIVY_SEVERITY`, `TRIVY_IGNOREFILE`, `TRIVY_VEX` …).
 */
export function trivyEnvironment(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(all).flatMap(([name, value]) =>
    value !== undefined && passed.has(name) ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    // Not as options: an older release ends at one that it does not know.
    TRIVY_SKIP_VERSION_CHECK: 'true',
    TRIVY_DISABLE_TELEMETRY: 'true',
    TRIVY_NO_PROGRESS: 'true',
    // A bound that Go's collector works towards, not one that the system holds it to.
    GOMEMLIMIT: '2GiB',
  };
}

/** Variables whose values are told to nobody. */
export const secretVariables = ['TRIVY_TOKEN', 'TRIVY_PASSWORD', 'TRIVY_REGISTRY_TOKEN'] as const;

const passed: ReadonlySet<string> = new Set([
  ...[
    'PATH',
    'HOME',
    'TMPDIR',
    'XDG_RUNTIME_DIR',
    'DOCKER_CONFIG',
    'REGISTRY_AUTH_FILE',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
  ],
  ...['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'],
  ...['TRIVY_DB_REPOSITORY', 'TRIVY_JAVA_DB_REPOSITORY', 'TRIVY_SKIP_JAVA_DB_UPDATE', 'TRIVY_INSECURE'],
  ...['TRIVY_USERNAME', 'TRIVY_TOKEN_HEADER', ...secretVariables],
]);
