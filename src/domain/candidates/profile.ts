import type { Catalog, Cycle, Product } from '../catalog/catalog.ts';
import { releaseRepositories } from '../catalog/floating.ts';
import { cycleOfNumbers, findLines } from '../catalog/lines.ts';
import type { OperatingSystemSlot } from '../image/tag.ts';
import { isBuildDate, readForm, type TagForm } from './tag-form.ts';

/** What the versions of one repository mean. */
export type Profile = {
  readonly product: Product | undefined;
  /** Its code names are the releases: a change of one is no change of what lies underneath. */
  readonly isDistribution: boolean;
  readonly isUbuntu: boolean;
  /** Even second numbers are the stable branch. */
  readonly hasEvenBranches: boolean;
  /** Its repository has tags of releases to come. */
  readonly namesUnreleased: boolean;
  /** Its data on disk belong to a line: a step to another one is work, and never proposed by itself. */
  readonly isStateful: boolean;
  /** From how many numbers on a version is whole: Java's releases between its quarterly ones have a fourth. */
  readonly wholeNumbers: number;
  readonly read: (text: string) => TagForm;
  /** The life-cycle unit that a tag is on; `undefined` for a tag that floats over several, or that names none. */
  readonly lineOf: (form: TagForm) => string | undefined;
  readonly cycleOf: (form: TagForm) => Cycle | undefined;
};

/** Where a line is counted in other numbers than the life cycle is. */
const lineNumbers: Readonly<Record<string, number>> = { mysql: 1 };

const evenBranches: ReadonlySet<string> = new Set(['nginx', 'perl']);

const javaVendors: ReadonlySet<string> = new Set(
  (
    'amazon-corretto azul-zulu bellsoft-liberica eclipse-temurin graalvm-ce ibm-semeru microsoft-build-of-openjdk ' +
    'openjdk-builds-from-oracle oracle-graalvm sapmachine'
  ).split(' '),
);

const stateful: ReadonlySet<string> = new Set(
  (
    'apache-cassandra elasticsearch influxdb mariadb mongodb mysql neo4j postgresql rabbitmq solr sonarqube-server ' +
    'grafana nextcloud drupal joomla wordpress keycloak hashicorp-vault consul zookeeper'
  ).split(' '),
);

/** Databases of which the catalog has no life cycle. */
const statefulRepositories: ReadonlySet<string> = new Set(
  'aerospike arangodb clickhouse couchbase couchdb crate orientdb percona rethinkdb ghost odoo redmine matomo mediawiki'
    .split(' ')
    .map((name) => `docker.io/library/${name}`),
);

/** @param like a tag of the repository: some hold releases of two distributions. */
export function findProfile(repository: string, like: string, catalog: Catalog): Profile {
  const isShared = releaseRepositories.has(repository);
  const lines = findLines(catalog, repository);
  const name = isShared ? distributionOf(like) : lines?.productName;
  const product = catalog.products.get(name ?? '');
  const isDistribution = isShared || name === 'debian' || name === 'ubuntu';
  const cycleParts = isShared ? 2 : (lines?.cycleParts ?? 1);
  const releaseOf = ({ name: owner, release }: OperatingSystemSlot) =>
    catalog.products.get(owner)?.cycles.find(({ codename }) => codename === release)?.name;
  const read = (text: string) => readForm(text, isDistribution ? releaseOf : undefined);
  const cycleOf = (form: TagForm): Cycle | undefined => {
    if (product === undefined) return undefined;
    // The repository names the line: `ubi9`.
    if (cycleParts === 0) return lines?.cycleOf(form.tag);
    const cycle = cycleOfNumbers(product, form.numbers, cycleParts);
    return cycle !== undefined && cycle.name.split('.').length <= form.numbers.length ? cycle : undefined;
  };
  const counted = lineNumbers[name ?? ''];
  const lineOf = (form: TagForm): string | undefined => {
    const { numbers } = form;
    if (cycleParts === 0 || numbers.length === 0 || isBuildDate(numbers[0])) return '';
    const parts = counted ?? cycleOf(form)?.name.split('.').length ?? (product === undefined ? 1 : cycleParts);
    return numbers.length < parts ? undefined : numbers.slice(0, parts).join('.');
  };
  return {
    product,
    isDistribution,
    isUbuntu: name === 'ubuntu',
    hasEvenBranches: evenBranches.has(name ?? ''),
    namesUnreleased: isDistribution || name === 'fedora',
    isStateful: stateful.has(name ?? '') || statefulRepositories.has(repository),
    wholeNumbers: javaVendors.has(name ?? '') ? 3 : Number.POSITIVE_INFINITY,
    read,
    lineOf,
    cycleOf,
  };
}

/** `24.04-scm` is Ubuntu's, `bookworm-scm` Debian's. */
function distributionOf(tag: string): string {
  const { os, numbers } = readForm(tag);
  return os?.name ?? (numbers.length > 1 ? 'ubuntu' : 'debian');
}
