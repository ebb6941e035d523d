import { builderImage } from '../../../../../src/domain/policy/rules/multi-stage/builder-image.ts';
import { singleStage } from '../../../../../src/domain/policy/rules/multi-stage/single-stage.ts';
import { allows, flags } from './rule-table.ts';

flags(singleStage, [
  [
    'FROM golang:1.27\nWORKDIR /src\nCOPY . .\n«RUN go mod download && CGO_ENABLED=0 GOOS=linux go build -ldflags="-s -w" -o /app ./cmd/server\nCMD ["/app"]',
    'go build',
  ],
  ['FROM node:24\nRUN npm ci\n«RUN npm run build --if-present\nCMD npm start', 'npm run build'],
  ['FROM node:24\n«RUN yarn install --frozen-lockfile && yarn build', 'yarn build'],
  ['FROM node:24\n«RUN corepack enable; pnpm i && pnpm --filter web run build:prod', 'pnpm run build:prod'],
  ['FROM maven:3.9\n«RUN mvn -B -DskipTests clean package', 'mvn package'],
  ['FROM eclipse-temurin:25-jdk\n«RUN ./mvnw package', 'mvnw package'],
  ['FROM gradle:9\n«RUN gradle --no-daemon :app:bootJar', 'gradle :app:bootJar'],
  ['FROM rust:1.95\n«RUN cargo build --release', 'cargo build'],
  ['FROM mcr.microsoft.com/dotnet/sdk:10.0\n«RUN dotnet publish -c Release -o /out', 'dotnet publish'],
  [
    'FROM debian:13-slim\n«RUN set -eux; \\\n  ./configure --prefix=/usr; \\\n  make -j"$(nproc)"; \\\n  make install',
    'make',
  ],
  ['FROM node:24\n«RUN ["npm", "run", "build"]', 'npm run build'],
  ['FROM golang:1.27\n«RUN sh -c "cd /src && go install ./..."', 'go install'],
  ['FROM golang:1.27\n«RUN <<EOF\nset -e\ngo build ./...\nEOF', 'go build'],
  ['FROM python:3.14\n«RUN if [ -f setup.py ]; then python3 setup.py install; fi', 'python3 setup.py install'],
  ['FROM node:24 AS base\nWORKDIR /app\nFROM base\n«RUN npx tsc -p .', 'tsc'],
  ['FROM debian:13-slim\n«RUN apt-get update && apt-get install -y gcc && gcc -o /x x.c', 'gcc'],
]);
allows(singleStage, [
  'FROM golang:1.27 AS b\nRUN go build -o /x .\nFROM alpine:3.24\nCOPY --from=b /x /x',
  'FROM node:24\nRUN npm ci --omit=dev\nCMD ["npm", "start"]',
  'FROM node:24\nRUN echo "npm run build"',
  'FROM node:24\nRUN # npm run build',
  'FROM alpine:3.24\nRUN apk add --no-cache --virtual .build-deps gcc musl-dev make && make && make install && apk del .build-deps',
  'FROM golang:1.27\nRUN go mod download',
  'FROM golang:1.27\nRUN go version && go env',
  'FROM maven:3.9\nRUN mvn dependency:go-offline',
  'FROM alpine:3.24\nRUN make clean',
  'FROM alpine:3.24\nRUN make --version',
  'FROM node:24\nRUN npm run lint',
  'FROM alpine:3.24\nRUN cat <<EOF > /etc/build.txt\nnpm run build\nEOF',
  'FROM python:3.14\nRUN python3 <<EOF\nmake\nEOF',
  'FROM golang:1.27 AS b\nRUN go build -o /x .\nFROM scratch\nCOPY --from=b /x /x\nFROM alpine:3.24',
  'FROM node:24 AS deps\nRUN npm ci\nFROM node:24\nCOPY --from=deps /a /a\nRUN npm run build',
]);

flags(builderImage, [
  ['FROM golang:1.27 AS b\nRUN go build -o /x .\nFROM golang:1.27\nCOPY --from=b /x /x', 'golang'],
  ['FROM maven:3.9\nCMD ["mvn", "spring-boot:run"]', 'maven'],
  ['FROM gradle:9\nCMD ["gradle", "bootRun"]', 'gradle'],
  ['FROM rust:1.95\nCMD ["cargo", "run"]', 'rust'],
  ['FROM mcr.microsoft.com/dotnet/sdk:10.0\nCMD ["dotnet", "run"]', 'sdk'],
  ['FROM node:24 AS b\nRUN npm run build\nFROM node:24\nCOPY --from=b /dist /dist', 'node'],
  ['FROM python:3.14 AS b\nRUN pip wheel .\nFROM python:3.14\nCOPY --from=b /w /w', 'python'],
  ['FROM golang:1.27 AS base\nFROM base\nCMD ["go", "run", "."]', 'golang'],
  ['FROM node:24-alpine AS web\nRUN npm run build\nFROM golang:1.27\nCOPY --from=web /d /d\nRUN go build .', 'golang'],
  ['FROM golang:1.27-alpine\nCMD ["go", "run", "."]', 'golang'],
  ['FROM node:24 AS base\nFROM base AS b\nRUN npm run build\nFROM base\nCOPY --from=b /d /d', 'node'],
  ['FROM alpine:3.24 AS x\nRUN true\nFROM rust:1.95\nCOPY --from=x /a /a', 'rust'],
]);
allows(builderImage, [
  'FROM golang:1.27 AS b\nRUN go build -o /x .\nFROM alpine:3.24\nCOPY --from=b /x /x',
  'FROM golang:1.27\nRUN go build -o /x .',
  'FROM node:24\nCMD ["node", "x.js"]',
  'FROM python:3.14\nCMD ["python", "x.py"]',
  'FROM node:24 AS b\nRUN npm run build\nFROM node:24-slim\nCOPY --from=b /d /d',
  'FROM node:24 AS b\nRUN npm run build\nFROM node:24-alpine\nCOPY --from=b /d /d',
  'FROM maven:3.9 AS b\nRUN mvn package\nFROM eclipse-temurin:25-jre\nCOPY --from=b /t/a.jar /a.jar',
  'FROM scratch\nCOPY app /app',
  'FROM alpine:3.24\nCOPY --from=golang:1.27 /usr/local/go/lib/time/zoneinfo.zip /z.zip',
  'FROM golang:1.27 AS unused\nFROM debian:13-slim',
  'ARG B\nFROM $B',
  'FROM rust:1.95 AS b\nRUN cargo build\nFROM gcr.io/distroless/cc-debian13:nonroot\nCOPY --from=b /x /x',
]);
