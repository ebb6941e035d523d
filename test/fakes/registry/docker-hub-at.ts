/** What `CONTAINERS_REGISTRIES_CONF` names, for a builder to find the official images of Docker Hub in a registry on the loopback. */
export function dockerHubAt(host: string): string {
  return [
    'unqualified-search-registries = ["docker.io"]',
    '[[registry]]',
    'prefix = "docker.io/library"',
    `location = "${host}/library"`,
    'insecure = true\n',
  ].join('\n');
}
