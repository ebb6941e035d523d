import type { ImageFacts } from './image-facts.ts';

/** Official images that keep data on disk in a form that belongs to their release line: a new line needs a migration. */
const stores: ReadonlySet<string> = new Set(
  (
    'arangodb cassandra clickhouse couchbase couchdb crate elasticsearch ghost influxdb kibana mariadb mediawiki mongo mysql ' +
    'neo4j nextcloud opensearch orientdb percona postgres rabbitmq rethinkdb solr sonarqube wordpress zookeeper'
  )
    .split(' ')
    .map((name) => `docker.io/library/${name}`),
);

export function keepsData(repository: string): boolean {
  return stores.has(repository);
}

/** Whether what is recommended is another release line of something that keeps data. */
export function changesLineOfStore(facts: ImageFacts | undefined): boolean {
  if (facts === undefined || !facts.keepsData) return false;
  const { lifecycle } = facts;
  return lifecycle === undefined || lifecycle.state === 'ended' || lifecycle.isBehind;
}
