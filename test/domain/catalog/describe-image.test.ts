import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe, line } from './described.ts';

const digest = `sha256:${'a'.repeat(64)}`;

for (const [text, today, expected] of [
  ['node:20-alpine', '2024-06-01', 'Node.js 20: supported, LTS'],
  ['node:20-alpine', '2026-04-30', 'Node.js 20: supported, LTS, behind 24'],
  ['node:20-alpine', '2026-05-01', 'Node.js 20: ended, LTS, behind 24'],
  ['node:26', '2026-10-27', 'Node.js 26: supported'],
  ['node:26', '2026-10-28', 'Node.js 26: supported, LTS'],
  ['node:24', '2026-10-27', 'Node.js 24: supported, LTS'],
  ['node:24', '2026-10-28', 'Node.js 24: supported, LTS, behind 26'],
  ['node:25', '2026-11-23', 'Node.js 25: ended, behind 26'],
  ['node:iron-slim', '2026-11-23', 'Node.js 20: ended, LTS, behind 26'],
  ['python:3.12-slim', '2026-11-23', 'Python 3.12: supported, behind 3.14'],
  ['python:3', '2026-11-23', 'Python 3.14: supported'],
  ['python:3.10', '2026-11-23', 'Python 3.10: ended, behind 3.14'],
  ['python:2.7', '2026-11-23', 'Python 2.7: ended, behind 3.14'],
  ['golang:1.26', '2026-11-23', 'Go 1.26: supported, behind 1.27'],
  ['golang:1.25', '2026-11-23', 'Go 1.25: ended, behind 1.27'],
  ['debian:12-slim', '2026-07-11', 'Debian 12 (bookworm): supported, behind 13 (trixie)'],
  ['debian:12-slim', '2026-07-12', 'Debian 12 (bookworm): long-term-only, behind 13 (trixie)'],
  ['debian:bookworm', '2028-07-01', 'Debian 12 (bookworm): ended, behind 13 (trixie)'],
  ['debian:11', '2026-11-23', 'Debian 11 (bullseye): ended, behind 13 (trixie)'],
  ['debian:12.5', '2026-11-23', 'Debian 12 (bookworm): long-term-only, behind 13 (trixie)'],
  ['debian:forky', '2026-11-23', 'Debian 14 (forky): unreleased'],
  ['ubuntu:24.04', '2026-11-23', 'Ubuntu 24.04 (noble): supported, LTS, behind 26.04 (resolute)'],
  ['ubuntu:20.04', '2026-11-23', 'Ubuntu 20.04 (focal): ended, LTS, behind 26.04 (resolute)'],
  ['ubuntu:25.10', '2026-11-23', 'Ubuntu 25.10 (questing): ended, behind 26.04 (resolute)'],
  ['ubuntu:26.10', '2026-11-23', 'Ubuntu 26.10 (stonking): supported'],
  ['ubuntu:resolute', '2026-11-23', 'Ubuntu 26.04 (resolute): supported, LTS'],
  ['alpine:3.21', '2026-11-01', 'Alpine Linux 3.21: supported, behind 3.24'],
  ['alpine:3.21.7', '2026-11-02', 'Alpine Linux 3.21: ended, behind 3.24'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0', '2026-11-10', '.NET 8: supported, LTS, behind 10'],
  ['mcr.microsoft.com/dotnet/sdk:8.0.424', '2026-11-11', '.NET 8: ended, LTS, behind 10'],
  ['mcr.microsoft.com/dotnet/core/aspnet:3.1', '2026-11-23', '.NET 3.1: ended, LTS, behind 10'],
  ['nginx:1.30', '2026-11-23', 'nginx 1.30: supported'],
  ['nginx:1.31', '2026-11-23', 'nginx 1.31: supported'],
  ['nginx:1.25-alpine', '2026-11-23', 'nginx 1.25: ended, behind 1.30'],
  ['postgres:14', '2026-11-23', 'PostgreSQL 14: ended, behind 18'],
  ['postgres:18-alpine', '2026-11-23', 'PostgreSQL 18: supported'],
  ['redis:7.2', '2026-11-23', 'Redis 7.2: supported, behind 8.10'],
  ['mysql:8.0', '2026-11-23', 'MySQL 8.0: ended, LTS, behind 9.7'],
  ['php:8.2-fpm', '2026-11-23', 'PHP 8.2: supported, behind 8.5'],
  ['php:8.2-fpm', '2027-01-01', 'PHP 8.2: ended, behind 8.5'],
  ['eclipse-temurin:17-jre', '2026-11-23', 'Eclipse Temurin 17: supported, LTS, behind 25'],
  ['eclipse-temurin:8u352-b08-jre', '2026-11-23', 'Eclipse Temurin 8: supported, LTS, behind 25'],
  ['eclipse-temurin:26', '2026-11-23', 'Eclipse Temurin 26: ended'],
  ['amazonlinux:2', '2026-11-23', 'Amazon Linux 2: ended, behind 2023'],
  ['centos:7', '2026-11-23', 'CentOS 7: ended'],
  [
    'registry.access.redhat.com/ubi8/ubi-minimal:8.9',
    '2026-11-23',
    'Red Hat Enterprise Linux (UBI) 8: supported, behind 10',
  ],
  ['gcr.io/distroless/nodejs20-debian12', '2026-11-23', 'Node.js 20: ended, LTS, behind 26'],
  ['gcr.io/distroless/java21-debian13', '2026-11-23', 'Eclipse Temurin 21: supported, LTS, behind 25'],
  ['gcr.io/distroless/static-debian13', '2026-11-23', ''],
  ['node', '2026-11-23', ''],
  ['node:slim', '2026-11-23', ''],
  ['debian:stable', '2026-11-23', ''],
  ['someone/app:3', '2026-11-23', ''],
] as const)
  test(`${text} on ${today}: ${expected || 'no line'}`, () =>
    assert.equal(line(describe(text, today).lifecycle), expected));

for (const [text, today, state, ends] of [
  ['node:20.11.1-alpine3.19', '2026-11-23', 'ended', '2025-11-01'],
  ['node:26-bookworm', '2026-11-23', 'long-term-only', '2028-06-30'],
  ['python:3.9-buster', '2026-11-23', 'ended', '2024-06-30'],
  ['eclipse-temurin:25-noble', '2026-11-23', 'supported', '2029-05-31'],
  ['eclipse-temurin:25-jre-alpine-3.24', '2026-11-23', 'supported', '2028-06-01'],
  ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled', '2026-11-23', 'supported', '2029-05-31'],
  ['amazoncorretto:11-al2', '2026-11-23', 'ended', '2026-06-30'],
  // Distroless stops before Debian LTS does.
  ['gcr.io/distroless/static-debian12', '2026-09-30', 'long-term-only', '2026-09-30'],
  ['gcr.io/distroless/static-debian12', '2026-10-01', 'ended', '2026-09-30'],
  ['gcr.io/distroless/nodejs20-debian12', '2026-11-23', 'ended', '2026-01-31'],
  ['gcr.io/distroless/nodejs20-debian12', '2024-06-01', 'supported', '2026-01-31'],
  ['gcr.io/distroless/base-debian11', '2026-11-23', 'ended', '2026-08-31'],
] as const)
  test(`the system under ${text} is ${state} on ${today}`, () => {
    const { os } = describe(text, today);
    assert.deepEqual([os?.state, os?.supportEndsOn], [state, ends]);
  });

test('a distribution is its own product, not the system underneath', () => {
  for (const text of ['debian:12', 'debian:bookworm-slim', 'ubuntu:jammy', 'alpine:3.20'])
    assert.equal(describe(text).os, undefined, text);
});

for (const [text, floating] of [
  ['node', 'none'],
  ['node:latest', 'latest'],
  ['node:lts-alpine', 'lts-alpine'],
  ['node:current', 'current'],
  ['node:slim', 'slim'],
  ['node:alpine', 'alpine'],
  ['node:bookworm', 'bookworm'],
  ['debian:stable-slim', 'stable-slim'],
  ['debian:testing', 'testing'],
  ['debian:sid', 'sid'],
  ['debian:oldstable', 'oldstable'],
  ['ubuntu:rolling', 'rolling'],
  ['ubuntu:devel', 'devel'],
  ['alpine:edge', 'edge'],
  ['nginx:stable-alpine', 'stable-alpine'],
  ['docker:dind', 'dind'],
  ['gcr.io/distroless/static-debian13', 'none'],
  ['gcr.io/distroless/static-debian13:latest', 'latest'],
  ['someone/app', 'none'],
  ['someone/app:main', 'main'],
  ['cgr.dev/chainguard/node:latest-dev', 'latest-dev'],
  ['node:26', undefined],
  ['node:iron', undefined],
  ['python:3', undefined],
  ['debian:bookworm', undefined],
  ['ubuntu:noble', undefined],
  ['buildpack-deps:trixie', undefined],
  ['alpine:20260805', undefined],
  ['gcr.io/distroless/static-debian13:nonroot', undefined],
  ['ibm-semeru-runtimes:open-21.0.6_7-jre', undefined],
  ['someone/app:stable-1.2', undefined],
  [`node@${digest}`, undefined],
  [`node:latest@${digest}`, undefined],
] as const)
  test(`${text} ${floating === undefined ? 'does not float' : `floats: ${floating}`}`, () =>
    assert.equal(describe(text).floating, floating));

for (const [text, publisher, tagState] of [
  ['node:26-slim', 'docker-official', 'maintained'],
  ['node:20-alpine', 'docker-official', 'unmaintained'],
  ['node:26.0.0', 'docker-official', 'unmaintained'],
  [`node@${digest}`, 'docker-official', 'unlisted'],
  ['openjdk:17-jdk-slim', 'retired', 'unmaintained'],
  ['openjdk:28-ea', 'docker-official', 'maintained'],
  ['openjdk', 'retired', 'unmaintained'],
  ['centos:7', 'retired', 'unmaintained'],
  ['vault:1.12', 'retired', 'unmaintained'],
  ['library/nosuchimage:1', 'unlisted', 'unlisted'],
  ['gcr.io/distroless/static-debian13:nonroot', 'vendor', 'maintained'],
  ['gcr.io/distroless/static-debian13:nonroot-arm64', 'vendor', 'maintained'],
  ['gcr.io/distroless/nodejs20-debian12', 'vendor', 'unmaintained'],
  ['gcr.io/distroless/static-debian11:nonroot', 'vendor', 'unmaintained'],
  ['mcr.microsoft.com/dotnet/aspnet:10.0', 'vendor', 'maintained'],
  ['mcr.microsoft.com/dotnet/aspnet:6.0', 'vendor', 'unmaintained'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022', 'vendor', 'unlisted'],
  ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-amd64', 'vendor', 'unlisted'],
  ['mcr.microsoft.com/playwright:v1.50.0-noble', 'vendor', 'unlisted'],
  ['cgr.dev/chainguard/node:latest', 'vendor', 'unlisted'],
  ['gcr.io/distrolessnot/static:1', 'unknown', 'unlisted'],
  ['bitnami/redis:7.2', 'unknown', 'unlisted'],
] as const)
  test(`${text} is ${publisher}, its tag ${tagState}`, () => {
    const facts = describe(text);
    assert.deepEqual([facts.publisher, facts.tagState], [publisher, tagState]);
    assert.equal(facts.evidence === undefined, publisher === 'unknown');
  });

test('a retired image names its successors', () => {
  assert.deepEqual(describe('openjdk:17').retired, { since: '2023-02-13', successors: ['eclipse-temurin'] });
  assert.deepEqual(describe('centos:7').retired?.successors, ['almalinux', 'rockylinux']);
  assert.deepEqual(describe('vault:1').retired?.successors, ['hashicorp/vault']);
});

for (const [text, smaller] of [
  ['node:26', ['26-alpine', '26-slim']],
  ['node:26.7.0-trixie', ['26.7.0-alpine', '26.7.0-trixie-slim']],
  ['node:26-slim', []],
  ['node:26-alpine', []],
  ['node:20', []],
  ['node', ['26-alpine', '26-slim']],
  ['python:3.14', ['3.14-alpine', '3.14-slim']],
  ['debian:13', ['13-slim']],
  ['debian:trixie', ['trixie-slim']],
  ['debian:13-slim', []],
  ['ubuntu:26.04', []],
  ['php:8.5-fpm', ['8.5-fpm-alpine']],
  ['golang:1.27', ['1.27-alpine']],
  ['nginx:1.30', ['1.30-alpine']],
  ['maven:3.9-eclipse-temurin-25', ['3.9-eclipse-temurin-25-alpine']],
  ['eclipse-temurin:25-jre', ['25-jre-alpine']],
  ['swift:6.3', []],
  ['mcr.microsoft.com/dotnet/aspnet:10.0', ['10.0-alpine', '10.0-noble-chiseled']],
  ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled', []],
  ['mcr.microsoft.com/dotnet/sdk:10.0', ['10.0-alpine']],
  ['gcr.io/distroless/static-debian13:nonroot', []],
  ['someone/app:1', []],
] as const)
  test(`smaller than ${text}: ${smaller.join(', ') || 'nothing'}`, () =>
    assert.deepEqual(
      describe(text).smaller.map(({ reference }) => reference.tag),
      smaller,
    ));

test('sizes are those of the tag, or of another version of the same variant', () => {
  assert.equal(describe('alpine:3.24').sizeBytes, 3_849_738);
  assert.equal(describe('node:26-slim').sizeBytes, 80_451_137);
  assert.ok((describe('mcr.microsoft.com/dotnet/aspnet:10.0').sizeBytes ?? 0) > 90_000_000);
  assert.equal(describe('someone/app:1').sizeBytes, undefined);
});

for (const [text, isBuilder] of [
  ['golang:1.27-alpine', true],
  ['rust:1.98-slim', true],
  ['maven:3.9', true],
  ['gradle:9', true],
  ['mcr.microsoft.com/dotnet/sdk:10.0', true],
  ['mcr.microsoft.com/dotnet/aspnet:10.0', false],
  ['node:26', true],
  ['node', true],
  ['node:26-slim', false],
  ['node:26-alpine', false],
  ['python:3.14', true],
  ['python:3.14-slim', false],
  ['eclipse-temurin:25-jdk', true],
  ['eclipse-temurin:25-jre', false],
  ['debian:13', false],
  ['nginx:1.30', false],
  ['someone/golang:1', false],
] as const)
  test(`${text} is ${isBuilder ? '' : 'not '}made for building`, () =>
    assert.equal(describe(text).isBuilder, isBuilder));

for (const [text, isDebug] of [
  ['gcr.io/distroless/static-debian13:debug', true],
  ['gcr.io/distroless/static-debian13:debug-nonroot', true],
  ['gcr.io/distroless/static-debian13:nonroot', false],
  ['gcr.io/distroless/static-debian13', false],
  ['someone/app:debug', false],
] as const)
  test(`${text} is ${isDebug ? '' : 'not '}a debug image`, () => assert.equal(describe(text).isDebug, isDebug));
