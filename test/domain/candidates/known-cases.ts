import type { SelectionCase } from './selection-case.ts';

const none = '';
const nothing = 'none';
const followed = 'digest, followed';
const pinnedOnly = 'digest, if pinned';

/** `[image, tags, Renovate's answer, Dependabot's answer, wanted, because?]`, all of them on 2026-08-22. */
type KnownRow = readonly [
  image: string,
  tags: string,
  renovate: string,
  dependabot: string,
  wanted: string,
  because?: string,
];

const rows: readonly KnownRow[] = [
  [
    'node:22.11.0-alpine',
    '22.12.0-alpine 22.12.0-alpine3.20 24.1.0-alpine 25.9.0-alpine',
    '22.12.0-alpine, 25.9.0-alpine; with presets 24.1.0-alpine',
    '25.9.0-alpine',
    'minor=22.12.0-alpine! major=24.1.0-alpine',
    '25 is no LTS',
  ],
  [
    'node:22-alpine',
    '22.12.0-alpine 23-alpine 24-alpine 24.1.0-alpine 25-alpine 26-alpine',
    '26-alpine; with presets 24-alpine',
    '26-alpine',
    'major=24-alpine',
    '26 becomes LTS on 2026-10-28',
  ],
  [
    'node:20.11.0-alpine3.18',
    '20.11.1-alpine3.18 20.11.1-alpine3.19 20.18.0-alpine3.20 22.1.0-alpine3.19',
    '20.11.1-alpine3.18',
    '20.11.1-alpine3.18',
    'patch=20.11.1-alpine3.18 minor=20.18.0-alpine3.20! major=22.1.0-alpine3.19',
    'alpine3.18 is a dead end: the newest version is not published for it',
  ],
  [
    'node:lts-alpine',
    '22-alpine 24-alpine',
    pinnedOnly,
    pinnedOnly,
    none,
    'by rule a floating tag recommends only its digest; else 24-alpine',
  ],
  ['python:3.12-slim', '3.12.9-slim 3.13-slim 3.14-slim 3.15-rc-slim', '3.14-slim', '3.14-slim', 'minor=3.14-slim'],
  ['python:3.5', '3.6 3.6.3 3.7.0a2', '3.6', '3.6', 'minor=3.6', 'past its end too, but nothing supported is listed'],
  [
    'python:3.6.2-alpine3.6',
    '3.6.3-alpine3.6 3.6.3-alpine3.7',
    '3.6.3-alpine3.6',
    '3.6.3-alpine3.6',
    'patch=3.6.3-alpine3.6!',
    'by rule alpine3.6 is no dead end, for the newest version is published for it; else 3.6.3-alpine3.7',
  ],
  [
    'debian:bookworm-slim',
    'trixie-slim bookworm trixie stable-slim forky-slim',
    pinnedOnly,
    pinnedOnly,
    'major=trixie-slim',
  ],
  ['debian:bookworm', 'trixie forky sid stable', 'trixie', pinnedOnly, 'major=trixie'],
  ['debian:12-slim', '11-slim 12.5-slim 12.8-slim 13-slim', '13-slim', '13-slim', 'major=13-slim'],
  [
    'debian:bookworm-20240513-slim',
    'bookworm-20250203-slim trixie-20250811-slim',
    pinnedOnly,
    'bookworm-20250203-slim',
    'patch=bookworm-20250203-slim! major=trixie-20250811-slim',
  ],
  [
    'debian:oldstable',
    'stable 12 13',
    'stable',
    pinnedOnly,
    none,
    'by rule a floating tag recommends only its digest; else stable',
  ],
  ['ubuntu:24.04', '22.04 24.10 25.04 25.10 26.04', '26.04', '26.04', 'major=26.04'],
  ['ubuntu:jammy', 'focal noble oracular plucky questing resolute', 'resolute', pinnedOnly, 'major=resolute'],
  [
    'ubuntu:artful-20170826',
    'artful-20170916 zesty-20170915',
    'artful-20170916',
    'artful-20170916',
    'patch=artful-20170916!',
  ],
  ['alpine:3', '20240329 edge', '20240329; with presets none', nothing, none, 'a date is not a version'],
  ['nginx:1.26', '1.26.3 1.27 1.28 1.29', '1.29', '1.29', 'minor=1.28', 'even numbers are the stable branch'],
  ['golang:1.26.6-alpine', '1.26.7-alpine 1.27rc2-alpine', '1.26.7-alpine', '1.27rc2-alpine', 'patch=1.26.7-alpine!'],
  ['golang:1.25', '1.25.3 1.26 1.26.1 1.27rc1', '1.26', '1.26', 'minor=1.26'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0', '8.0.11 9.0 9.0.1', '9.0', '9.0', none, '9 is no LTS: wait for 10'],
  [
    'eclipse-temurin:17.0.1_12-jre-alpine',
    '17.0.2_8-jre-alpine 17.0.13_11-jre-alpine 21.0.5_11-jre-alpine 23.0.1_11-jre-alpine',
    'none; with presets 17.0.13_11-jre-alpine, 21.0.5_11-jre-alpine',
    '23.0.1_11-jre-alpine',
    'patch=17.0.13_11-jre-alpine! major=21.0.5_11-jre-alpine',
  ],
  [
    'postgres:15.4-alpine',
    '15.10-alpine 16.6-alpine 17.2-alpine 18beta1-alpine',
    '15.10-alpine, 17.2-alpine',
    '17.2-alpine',
    'minor=15.10-alpine! major=17.2-alpine',
    'a major is never recommended by itself',
  ],
  [
    'php:8.2.10-fpm-alpine3.18',
    '8.2.11-fpm-alpine3.18 8.2.27-fpm-alpine3.21 8.4.2-fpm-alpine3.20',
    '8.2.11-fpm-alpine3.18',
    '8.2.11-fpm-alpine3.18',
    'patch=8.2.27-fpm-alpine3.21! minor=8.4.2-fpm-alpine3.20',
  ],
  [
    'node:8.1',
    '8 8.1.5 8.2 8.2.5 9 9.0',
    '8.2, 9.0',
    '9.0',
    'minor=8.2!',
    'by rule a major is an LTS, and 9 never was; else 9.0 too',
  ],
  [
    'gcr.io/distroless/static-debian12:nonroot',
    'latest debug debug-nonroot',
    pinnedOnly,
    pinnedOnly,
    'successor=gcr.io/distroless/static-debian13:nonroot',
  ],
  ['cgr.dev/chainguard/node:latest-dev', 'latest 22 24', pinnedOnly, pinnedOnly, none],
  ['someone/app:999', '1007 1010', '1010', '1010', 'major=1010'],
  [
    'hexpm/elixir:1.13.4-erlang-25.0.4-alpine-3.16.1',
    '1.14.0-erlang-25.0.4-alpine-3.16.1 1.14.0-erlang-25.1-alpine-3.17.0',
    '1.14.0-erlang-25.0.4-alpine-3.16.1',
    '1.14.0-erlang-25.1-alpine-3.17.0',
    'minor=1.14.0-erlang-25.0.4-alpine-3.16.1!',
    'one axis at a time',
  ],
  [
    'grafana/grafana:13.0.1',
    '13.0.1-security-01',
    'none; with presets 13.0.1-security-01',
    nothing,
    'patch=13.0.1-security-01!',
  ],
  ['caddy:2.4.5-alpine', '2.4.6-alpine 2.4.6-builder', '2.4.6-alpine', '2.4.6-alpine', 'patch=2.4.6-alpine!'],
  [
    'linuxserver/qbittorrent:5.0.4',
    '5.0.4@2025-02-17 5.1.0@2025-04-28 20.04.1@2021-05-01 21.04@2021-04-25',
    '5.1.0, 20.04.1',
    '21.04',
    'minor=5.1.0!',
    'what was pushed before the present tag is not newer',
  ],
  ['mcr.microsoft.com/dotnet/runtime:9.0.11', '9.0', nothing, nothing, none, 'the same content under another name'],
  ['caddy:2', '2.8 2.8.4 2-alpine', followed, followed, none, 'a floating tag recommends only its digest'],
  ['alpine:edge', '3.23 3.24 20240329', followed, followed, none, 'a floating tag recommends only its digest'],
];

/** The selection of versions where the answers of Renovate and Dependabot are known. */
export const knownCases: readonly SelectionCase[] = rows.map(
  ([image, tags, renovate, dependabot, wanted, because]) => ({
    image,
    tags,
    wanted,
    today: '2026-08-22',
    renovate,
    dependabot,
    ...(because === undefined ? {} : { because }),
  }),
);
