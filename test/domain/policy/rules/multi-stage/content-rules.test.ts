import { copyAll } from '../../../../../src/domain/policy/rules/multi-stage/copy-all.ts';
import { debugImage } from '../../../../../src/domain/policy/rules/multi-stage/debug-image.ts';
import { rootUser } from '../../../../../src/domain/policy/rules/multi-stage/root-user.ts';
import { toolchainCopied } from '../../../../../src/domain/policy/rules/multi-stage/toolchain-copied.ts';
import { allows, flags } from './rule-table.ts';

const go = 'FROM golang:1.27 AS build\nRUN go build -o /out/app .\nFROM alpine:3.24\n';
flags(toolchainCopied, [
  [`${go}«COPY --from=build / /`, '/ copied from build'],
  [`${go}«COPY --from=build /usr /usr`, '/usr'],
  [`${go}«COPY --from=build /usr/local/ /usr/local/`, '/usr/local'],
  [`${go}«COPY --link --from=build /usr/local/go /usr/local/go`, '/usr/local/go'],
  [`${go}«COPY --from=0 /usr/local/. /usr/local`, '/usr/local'],
  [`${go}«COPY --from=build ["/usr/local/", "/usr/local/"]`, '/usr/local'],
  [`${go}«COPY --from=golang:1.27 /usr/local/go /usr/local/go`, 'golang:1.27'],
  [`${go}«COPY --from=build /root/.cargo /root/.cargo`, '/root/.cargo'],
  [`${go}«COPY --from=build \${GOROOT} /go`, '$GOROOT'],
  [`${go}«COPY --from=build $CARGO_HOME/ /c`, '$CARGO_HOME'],
  [`${go}«COPY --from=build /out/app /root/.m2 /x/`, '/root/.m2'],
  ['FROM golang:1.27 AS build\nFROM scratch\n«COPY --from=build / /', '/'],
  ['FROM alpine:3.24 AS build\nRUN make\nFROM scratch\n«COPY --from=build / /', '/'],
  [
    'FROM golang:1.27 AS build\nFROM alpine:3.24 AS base\n«COPY --from=build /usr/local/* /usr/local/\nFROM base',
    '/usr/local',
  ],
]);
allows(toolchainCopied, [
  `${go}COPY --from=build /out/app /app`,
  `${go}COPY --from=build /usr/local/bin/app /usr/local/bin/`,
  `${go}COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip`,
  `${go}COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/`,
  `${go}COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo`,
  `${go}COPY --from=build /root/.local /root/.local`,
  `${go}COPY / /`,
  `${go}ADD . /`,
  'FROM python:3.14 AS b\nFROM python:3.14-slim\nCOPY --from=b /opt/venv /opt/venv',
  'FROM python:3.14 AS b\nFROM python:3.14-slim\nCOPY --from=b /usr/local/lib/python3.14/site-packages /usr/local/lib/python3.14/site-packages',
  'FROM debian:13-slim AS rootfs\nRUN rm -rf /usr/share/doc\nFROM scratch\nCOPY --from=rootfs / /',
  'FROM golang:1.27 AS build\nFROM alpine:3.24 AS mid\nCOPY --from=build /usr/local /usr/local\nFROM alpine:3.24\nCOPY --from=mid /usr/local/go/VERSION /v',
]);

flags(debugImage, [
  ...['debug', 'debug-nonroot', 'debug-amd64', 'debug-arm64', 'debug-nonroot-arm64'].map(
    (tag): readonly [string, string] => [`FROM gcr.io/distroless/static-debian13:${tag}`, tag],
  ),
  ...['base-debian13', 'cc-debian13', 'java25-debian13', 'nodejs26-debian13', 'python3-debian13'].map(
    (name): readonly [string, string] => [`FROM gcr.io/distroless/${name}:debug\nCMD ["/x"]`, 'shell'],
  ),
  ['FROM golang:1.27 AS b\nFROM gcr.io/distroless/static-debian13:debug\nCOPY --from=b /x /x', 'nonroot tag'],
  ['FROM gcr.io/distroless/static-debian13:debug AS base\nFROM base\nCOPY x /x', 'shell'],
  ['ARG T=debug\nFROM gcr.io/distroless/static-debian13:$T', 'debug'],
]);
allows(debugImage, [
  ...['', ':nonroot', ':latest', ':nonroot-arm64'].map((tag) => `FROM gcr.io/distroless/static-debian13${tag}`),
  'FROM gcr.io/distroless/static-debian13:debug AS tools\nFROM alpine:3.24\nCOPY --from=tools /busybox/sh /sh',
  'FROM gcr.io/distroless/static-debian13:debug AS unused\nFROM alpine:3.24',
  'FROM alpine:3.24\nCOPY --from=gcr.io/distroless/static-debian13:debug /busybox /busybox',
  'FROM alpine:3.24',
  'FROM scratch',
  'FROM acme/app:debug',
  'FROM debian:13-slim\nCMD ["debug"]',
  'ARG T\nFROM gcr.io/distroless/static-debian13:${T}-x',
]);

flags(rootUser, [
  ['FROM alpine:3.24', 'starts as root'],
  ['FROM node:24-alpine\nCMD ["node", "x.js"]', 'no USER'],
  ['FROM alpine:3.24\n«USER root', 'root'],
  ['FROM alpine:3.24\n«USER 0', '0'],
  ['FROM alpine:3.24\n«USER 0:0', '0:0'],
  ['FROM alpine:3.24\n«USER root:app', 'root:app'],
  ['FROM alpine:3.24\nUSER app\nRUN x\n«USER root\nRUN y', 'root'],
  ['FROM alpine:3.24\n«USER "root"', 'root'],
  ['FROM scratch\nCOPY x /x', 'number'],
  ['FROM alpine:3.24 AS base\n«USER 0\nFROM base\nCMD ["x"]', '0'],
  ['FROM gcr.io/distroless/static-debian13', 'starts as root'],
  ['FROM mcr.microsoft.com/dotnet/aspnet:10.0', 'starts as root'],
  ['FROM gcr.io/distroless/static-debian13:nonroot\n«USER root', 'root'],
  ['FROM golang:1.27 AS b\nUSER app\nFROM alpine:3.24\nCOPY --from=b /x /x', 'no USER'],
]);
allows(rootUser, [
  'FROM alpine:3.24\nUSER app',
  'FROM alpine:3.24\nUSER 65532:65532',
  'FROM alpine:3.24\nUSER root\nRUN x\nUSER 1000',
  'FROM alpine:3.24 AS base\nUSER 1000\nFROM base\nCMD ["x"]',
  'FROM alpine:3.24 AS base\nUSER root\nFROM base\nUSER app',
  'FROM alpine:3.24\nUSER $APP_UID',
  'FROM alpine:3.24\nUSER ${USER:-root}',
  'FROM gcr.io/distroless/static-debian13:nonroot',
  'FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
  'FROM cgr.dev/chainguard/node:latest',
  'FROM docker.io/nginxinc/nginx-unprivileged:1.30',
  'FROM memcached:1.6-alpine',
  'ARG B\nFROM $B',
  'FROM golang:1.27 AS b\nUSER root\nFROM alpine:3.24\nUSER 1:1\nCOPY --from=b /x /x',
]);

flags(copyAll, [
  ['FROM alpine:3.24\n«COPY . .', 'COPY .'],
  ['FROM alpine:3.24\n«COPY . /app', 'whole build context'],
  ['FROM alpine:3.24\n«COPY ./ ./', './'],
  ['FROM alpine:3.24\n«ADD . /srv', 'ADD .'],
  ['FROM alpine:3.24\n«COPY --chown=node:node . .', 'name the files'],
  ['FROM alpine:3.24\n«COPY ["." , "/app"]', 'COPY .'],
  ['FROM alpine:3.24\n«COPY * /app/', 'COPY *'],
  ['FROM alpine:3.24\n«COPY ./* /app/', 'COPY ./*'],
  ['FROM alpine:3.24\n«COPY / /app', 'COPY /'],
  ['FROM alpine:3.24\n«COPY package.json . /app/', 'COPY .'],
  ['FROM alpine:3.24 AS base\n«COPY . .\nFROM base', 'COPY .'],
  ['FROM golang:1.27 AS b\nCOPY . .\nFROM alpine:3.24\n«COPY "." /app\nCOPY --from=b /x /x', 'COPY .'],
]);
allows(copyAll, [
  'FROM alpine:3.24\nCOPY src ./src',
  'FROM alpine:3.24\nCOPY package.json package-lock.json ./',
  'FROM alpine:3.24\nCOPY *.json .',
  'FROM alpine:3.24\nCOPY ./src .',
  'FROM alpine:3.24\nADD https://example.com/x.tar.gz .',
  'FROM golang:1.27 AS b\nCOPY . .\nRUN go build .\nFROM alpine:3.24\nCOPY --from=b /x /x',
  'FROM golang:1.27 AS b\nFROM alpine:3.24\nCOPY --from=b . .',
  'FROM alpine:3.24\nCOPY --exclude=.git . .',
  'FROM alpine:3.24\nCOPY <<EOF /etc/x\n.\nEOF',
  'FROM alpine:3.24 AS unused\nCOPY . .\nFROM alpine:3.24',
  'FROM alpine:3.24\nRUN cp -r . /app',
  'FROM alpine:3.24\nCOPY .env.example .npmrc ./',
]);
