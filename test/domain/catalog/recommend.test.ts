import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeImage } from '../../../src/domain/catalog/describe-image.ts';
import { formatReference, type Reference } from '../../../src/domain/image/reference.ts';
import { catalog, describe, instead } from './described.ts';

const digest = `sha256:${'b'.repeat(64)}`;

for (const [text, better] of [
  ['node:20-alpine', 'node:26-alpine'],
  ['php:8.2-fpm', 'php:8.5-fpm'],
  ['php:8.4-zts', 'php:8.5-zts'],
  ['nginx:1.27-alpine-slim', 'nginx:1.30-alpine-slim'],
  ['composer:latest', 'composer:2.10'],
  ['golang:1.25-bookworm', 'golang:1.27-trixie'],
  ['gcr.io/distroless/nodejs:16', 'gcr.io/distroless/nodejs26-debian13:nonroot'],
  ['node:20', 'node:26-slim'],
  ['node', 'node:26-slim'],
  ['node:latest', 'node:26-slim'],
  ['node:alpine', 'node:26-alpine'],
  ['node:lts-bookworm-slim', 'node:26-trixie-slim'],
  ['node:20.11.1-alpine3.19', 'node:26.7.0-alpine3.24'],
  ['node:18.20.2-bullseye-slim', 'node:26.7.0-trixie-slim'],
  ['node:iron', 'node:26-slim'],
  ['node:26', 'node:26-slim'],
  [`node:20-alpine@${digest}`, 'node:26-alpine'],
  ['python:latest', 'python:3.14-slim'],
  ['python:3.9-slim-buster', 'python:3.14-slim-trixie'],
  ['python:3', 'python:3-slim'],
  ['python:3.13.0rc2-bullseye', 'python:3.14.7-slim-trixie'],
  ['alpine', 'alpine:3.24'],
  ['alpine:edge', 'alpine:3.24'],
  ['alpine:3.15.1', 'alpine:3.24.1'],
  ['debian:stable', 'debian:13-slim'],
  ['debian:12-slim', 'debian:13-slim'],
  ['debian:bullseye', 'debian:trixie-slim'],
  ['debian:bullseye-20191224', 'debian:trixie-slim'],
  ['ubuntu', 'ubuntu:26.04'],
  ['ubuntu:20.04', 'ubuntu:26.04'],
  ['ubuntu:focal', 'ubuntu:resolute'],
  ['golang:1.20', 'golang:1.27'],
  ['rust:1.62.1-slim-buster', 'rust:1.98.0-slim-trixie'],
  ['php:8.1-fpm-alpine', 'php:8.5-fpm-alpine'],
  ['php:7.4-apache', 'php:8.5-apache'],
  ['ruby:3-alpine3.15', 'ruby:4-alpine3.24'],
  ['nginx:latest', 'nginx:1.30'],
  ['nginx:1.17.6', 'nginx:1.30.4'],
  ['nginx:1.31', 'fine'],
  ['redis:7.2-alpine', 'redis:8.10-alpine'],
  // Its data on disk belong to one C library.
  ['postgres:16', 'postgres:18'],
  ['postgres:16-alpine3.19', 'postgres:18-alpine3.24'],
  ['mysql:5.7', 'mysql:9.7'],
  ['maven:3.8-openjdk-17', 'maven:3.9-eclipse-temurin-17'],
  ['maven:3.9.0-eclipse-temurin-19-alpine', 'maven:3.9.16-eclipse-temurin-25-alpine'],
  ['gradle:7-jdk17', 'gradle:9-jdk17'],
  ['eclipse-temurin:17-jre', 'eclipse-temurin:25-jre'],
  ['eclipse-temurin:11.0.12_7-jdk', 'eclipse-temurin:25.0.4_7-jdk'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0', 'mcr.microsoft.com/dotnet/aspnet:10.0'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0-bookworm-slim', 'mcr.microsoft.com/dotnet/aspnet:10.0'],
  ['mcr.microsoft.com/dotnet/aspnet:6.0-alpine3.17', 'mcr.microsoft.com/dotnet/aspnet:10.0-alpine3.24'],
  ['mcr.microsoft.com/dotnet/core/aspnet:3.1', 'mcr.microsoft.com/dotnet/aspnet:10.0'],
  ['gcr.io/distroless/nodejs20-debian12', 'gcr.io/distroless/nodejs26-debian13:nonroot'],
  ['gcr.io/distroless/nodejs24-debian13:debug', 'gcr.io/distroless/nodejs26-debian13:debug'],
  ['gcr.io/distroless/static-debian12:nonroot', 'gcr.io/distroless/static-debian13:nonroot'],
  ['gcr.io/distroless/static', 'gcr.io/distroless/static-debian13:nonroot'],
  ['gcr.io/distroless/java:11', 'gcr.io/distroless/java25-debian13:nonroot'],
  ['openjdk:17-jdk-slim', 'eclipse-temurin:25-jdk'],
  ['openjdk:11-jre-slim-buster', 'eclipse-temurin:25-jre'],
  ['openjdk:8', 'eclipse-temurin:25'],
  ['centos:7', 'almalinux:10'],
  ['bitnami/redis:7.2', 'redis:8.10'],
  ['cimg/go:1.20', 'golang:1.27'],
  ['circleci/node:12', 'node:26-slim'],
] as const)
  test(`instead of ${text}: ${better}`, () => assert.equal(instead(text), better));

for (const text of [
  'node:26-alpine',
  'node:26-slim',
  'python:3.14-slim-trixie',
  'alpine:3.24',
  'debian:13-slim',
  'ubuntu:26.04',
  'ubuntu:26.10',
  'golang:1.27-alpine',
  'postgres:18-alpine',
  'postgres:18',
  'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
  'gcr.io/distroless/static-debian13:nonroot',
  'gcr.io/distroless/nodejs26-debian13:nonroot',
  `node:26-alpine@${digest}`,
  'openjdk:28-ea',
])
  test(`${text} is fine as it is`, () => assert.equal(instead(text), 'fine'));

for (const [text, why] of [
  [`node@${digest}`, 'a digest alone does not say its version'],
  ['someone/reports-base:2.3', 'no official image has the name'],
  ['ghcr.io/acme/node:2024-build', 'the version is none of Node.js'],
  ['vault:1.12', 'the tags of the successor are not known'],
  ['mono:6', 'the successor is another product'],
  ['gcr.io/distroless/dotnet', 'no distroless image follows'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022', 'the Windows tags are not known'],
  ['eclipse-temurin:24-jre-nanoserver-1809', 'no tag for that Windows is left'],
  ['mysql:26', 'the product has no such line'],
  ['registry.access.redhat.com/ubi8/ubi:8.9', 'the tags are not known'],
] as const)
  test(`nothing is proposed for ${text}: ${why}`, () => assert.equal(instead(text), 'fine'));

test('on a day when 26 is not LTS yet, 24 is kept, and 25 does not go back to it', () => {
  assert.equal(instead('node:24-slim', '2026-08-22'), 'fine');
  assert.equal(instead('node:22-slim', '2026-08-22'), 'node:24-slim');
  assert.equal(instead('node:25-slim', '2026-08-22'), 'node:26-slim');
});

test('each reason is one clause', () => {
  assert.deepEqual(describe('node:20').recommended?.reasons, [
    'Node.js 20 reached its end of life on 2026-04-30',
    'Node.js 26 is the latest LTS',
    'the tag is no longer rebuilt',
    'slim is smaller',
  ]);
  assert.deepEqual(describe('alpine').recommended?.reasons, ['no tag means whatever latest is']);
});

const digits = fc.integer({ min: 0, max: 30 }).map(String);
const oldTag = fc
  .tuple(
    fc.array(digits, { minLength: 1, maxLength: 3 }).map((numbers) => numbers.join('.')),
    fc.constantFrom(
      '',
      '-slim',
      '-alpine',
      '-alpine3.18',
      '-bullseye',
      '-slim-bookworm',
      '-jre',
      '-jdk-slim',
      '-fpm',
      '-nanoserver-ltsc2022',
      '-noble-chiseled',
    ),
  )
  .map((parts) => parts.join(''));
const maintained = fc.constantFrom(...catalog.repositories).chain((repository) => {
  const tags = (catalog.findTags(repository)?.all() ?? []).map(({ text }) => text);
  return fc.constantFrom(...tags).map((tag) => ({ repository, tag }));
});
const popular = fc.constantFrom(
  ...[
    'node',
    'python',
    'golang',
    'debian',
    'ubuntu',
    'alpine',
    'openjdk',
    'eclipse-temurin',
    'php',
    'ruby',
    'redis',
    'postgres',
    'centos',
    'maven',
    'rust',
  ].map((name) => `docker.io/library/${name}`),
  'mcr.microsoft.com/dotnet/aspnet',
  'mcr.microsoft.com/dotnet/sdk',
  'docker.io/bitnami/node',
);
const anyReference = fc
  .oneof(maintained, fc.record({ repository: popular, tag: oldTag }), fc.record({ repository: popular }))
  .map(({ repository, ...rest }): Reference => {
    const slash = repository.indexOf('/');
    return { registry: repository.slice(0, slash), repository: repository.slice(slash + 1), ...rest };
  });
const day = fc.constantFrom('2026-08-22', '2026-10-28', '2026-11-23', '2027-03-01', '2028-01-01');

test('what is recommended is maintained, supported, another reference, and fine itself', () => {
  let seen = 0;
  fc.assert(
    fc.property(anyReference, day, (reference, today) => {
      const { recommended } = describeImage(reference, catalog, today);
      if (recommended === undefined) return;
      seen += 1;
      const better = describeImage(recommended.reference, catalog, today);
      assert.equal(better.tagState, 'maintained');
      assert.notEqual(better.lifecycle?.state, 'ended');
      assert.notEqual(better.os?.state, 'ended');
      assert.notEqual(formatReference(recommended.reference), formatReference(reference));
      assert.equal(recommended.reference.digest, undefined);
      assert.equal(better.recommended, undefined);
      assert.ok(recommended.reasons.length > 0);
    }),
    { numRuns: 3000 },
  );
  assert.ok(seen > 500, `only ${seen} recommendations were seen`);
});

test('any tag whatever is described without throwing', () => {
  fc.assert(
    fc.property(popular, fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,30}$/), (repository, tag) => {
      const slash = repository.indexOf('/');
      describeImage(
        { registry: repository.slice(0, slash), repository: repository.slice(slash + 1), tag },
        catalog,
        '2026-11-23',
      );
    }),
  );
});
