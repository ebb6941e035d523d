import type { CatalogSource } from '../domain/catalog/catalog.ts';

/** The day on which the tables kept by hand were last gone through. They are common knowledge, not read from a list. */
export const tablesDate = '2026-11-23';

export const tablesSource: CatalogSource = {
  name: 'Basekeeper, tables kept by hand',
  url: 'https://github.com/basekeeper/basekeeper/blob/main/docs/catalog.md',
  date: tablesDate,
  license: 'Apache-2.0',
};

export type Succession = { readonly successors: readonly string[]; readonly isDropIn?: boolean };

/** What to use instead of retired official images. `isDropIn`: versions and variants are named alike, so that a tag can be proposed. */
export const successions: Readonly<Record<string, Succession>> = {
  adoptopenjdk: { successors: ['eclipse-temurin'], isDropIn: true },
  celery: { successors: ['python'] },
  centos: { successors: ['almalinux', 'rockylinux'], isDropIn: true },
  clefos: { successors: ['almalinux'] },
  consul: { successors: ['hashicorp/consul'] },
  django: { successors: ['python'] },
  'docker-dev': { successors: ['docker'] },
  fsharp: { successors: ['mcr.microsoft.com/dotnet/sdk'] },
  iojs: { successors: ['node'], isDropIn: true },
  java: { successors: ['eclipse-temurin'], isDropIn: true },
  jenkins: { successors: ['jenkins/jenkins'] },
  mono: { successors: ['mcr.microsoft.com/dotnet/sdk', 'mcr.microsoft.com/dotnet/runtime'] },
  'nats-streaming': { successors: ['nats'] },
  openjdk: { successors: ['eclipse-temurin'], isDropIn: true },
  opensuse: { successors: ['opensuse/leap'] },
  owncloud: { successors: ['owncloud/server'] },
  'php-zendserver': { successors: ['php'] },
  piwik: { successors: ['matomo'] },
  plone: { successors: ['plone/plone-backend'] },
  rails: { successors: ['ruby'] },
  'ubuntu-debootstrap': { successors: ['ubuntu'], isDropIn: true },
  'ubuntu-upstart': { successors: ['ubuntu'], isDropIn: true },
  unit: { successors: ['nginx'] },
  vault: { successors: ['hashicorp/vault'] },
  'zend-php': { successors: ['php'] },
};

/** Still in the list of official images, but with early-access tags only; the day the last release tag went. */
export const earlyAccessOnly: Readonly<Record<string, string>> = { openjdk: '2023-02-13' };
