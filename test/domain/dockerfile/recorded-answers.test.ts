// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of Dockerfiles
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOf, read } from './dockerfile-answers.ts';

// What BuildKit answered when it was run on these files: the images of all stages in file order, or `error`.
const answers: readonly (readonly [file: string, images: string])[] = [
  ['ARG A=alpine⏎ARG B=${A}:3.19⏎FROM $B', 'alpine:3.19'],
  ['ARG B=${A}:3.19⏎ARG A=alpine⏎FROM $B', 'error'],
  ['ARG V=3.19⏎FROM alpine:$V AS a⏎ARG V=3.10⏎FROM debian:$V', 'alpine:3.19 debian:3.19'],
  ['FROM alpine AS a⏎ARG V=12⏎FROM debian:${V}', 'error'],
  ['ARG V=3.19.1⏎FROM alpine:${V%.*}', 'alpine:3.19'],
  ['ARG V=3.19.1⏎FROM alpine:${V%%.*}', 'alpine:3'],
  ['ARG V=3-19-1⏎FROM alpine:${V/-/.}', 'alpine:3.19-1'],
  ['ARG V=3-19-1⏎FROM alpine:${V//-/.}', 'alpine:3.19.1'],
  ['FROM ${A:-${B:-alpine:3}}', 'alpine:3'],
  ['FROM alpine:${V:-"3.19"}', 'alpine:3.19'],
  ['ARG V=⏎FROM alpine${V-:3}', 'alpine:latest'],
  ['ARG V=⏎FROM alpine:${V:-3.18}', 'alpine:3.18'],
  ['ARG V=3.12⏎FROM python:$V-slim', 'python:3.12-slim'],
  ['ARG V=3.12⏎FROM python:$V_slim', 'error'],
  ["ARG X=1⏎ARG IMG='alpine:$X'⏎FROM ${IMG}", 'error'],
  ['FROM alpine:\\$V', 'error'],
  ['ARG A=alpine B=3.19⏎FROM $A:$B', 'alpine:3.19'],
  ['ARG V=3⏎ARG V⏎FROM alpine:$V', 'alpine:3'],
  ['FROM g AS Builder⏎FROM builder', 'g:latest'],
  ['FROM g AS Builder⏎FROM Builder', 'error'],
  ['FROM golang:1.22⏎FROM alpine⏎COPY --from=0 /a /b', 'golang:1.22 alpine:latest'],
  ['FROM golang:1.22⏎FROM alpine⏎RUN --mount=from=0,target=/x ls', 'golang:1.22 alpine:latest 0:latest'],
  ['FROM golang AS a⏎FROM debian:12 AS a⏎FROM a', 'golang:latest debian:12'],
  ['FROM alpine AS alpine', 'alpine:latest'],
  ['FROM alpine⏎COPY --link --from="nginx:1" --chown=1:1 /a /b', 'alpine:latest nginx:1'],
  ['FROM alpine⏎RUN --mount=type=bind,FROM=nginx:1,target=/x ls', 'alpine:latest nginx:1'],
  ['FROM alpine:3⏎RUN echo a \\\\⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN echo a \\\\\\⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN echo a; \\⏎FROM nginx; \\⏎  ls', 'alpine:3'],
  ['FROM alpine:3⏎RUN cat <<EOF⏎FROM nginx⏎EOF⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FROM alpine:3⏎RUN cat 3<<EOF⏎FROM nginx⏎EOF⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FROM alpine:3⏎RUN cat << EOF⏎FROM nginx⏎EOF⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FROM alpine:3⏎RUN cat <<-EOF⏎FROM nginx⏎\t\tEOF⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FROM alpine:3⏎COPY <<EOF /x⏎FROM nginx⏎EOF⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FROM alpine:3⏎ADD <<EOF /x⏎FROM nginx⏎EOF⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FROM alpine:3⏎ONBUILD RUN cat <<EOF⏎FROM nginx⏎EOF⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FROM alpine:3\r⏎RUN cat <<EOF\r⏎FROM nginx\r⏎EOF\r⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FROM alpine:3⏎CMD cat <<EOF⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎ENTRYPOINT cat <<EOF⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN ["sh", "-c", "cat <<EOF"]⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN echo "<<EOF"⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN echo \\<<EOF⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN cat <<<x⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN echo $((1<<3))⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN echo 1<<3⏎FROM nginx:1', 'alpine:3 nginx:1'],
  ['FROM alpine:3⏎RUN cat <<EOF \\⏎ && ls⏎FROM nginx⏎EOF⏎FROM debian:12', 'alpine:3 debian:12'],
  ['# foo=bar⏎# escape=`⏎FROM alpine:3⏎RUN a `⏎FROM debian:12', 'alpine:3 debian:12'],
  ['FR\\⏎OM alp\\⏎ine:3', 'alpine:3'],
  ['FROM \\⏎# FROM nginx⏎alpine:3', 'alpine:3'],
  ['FROM al\\pine:3', 'alpine:3'],
  ["FROM 'alpine:3' AS x", 'alpine:3'],
  ['FROM -- alpine:3', 'alpine:3'],
  ['FROM alpine:3 # base', 'error'],
  ['FROM SCRATCH', 'error'],
  ['FROM Alpine:3', 'error'],
  ['FROM "alpine:3', 'error'],
  ['FROM alpine:3 AS a⏎ONBUILD COPY --from=nginx:1 /a /b⏎FROM a', 'alpine:3 nginx:1'],
  ['FROM "alp"ine:3', 'alpine:3'],
  ['FROM "a b"', 'error'],
  ['FROM ${V:?two words}', 'error'],
  ['FROM\u00a0alpine', 'error'],
  ['\ufeffFROM alpine:3', 'alpine:3'],
  ['FROM 0', '0:latest'],
  ['FROM a AS stage⏎FROM stage:latest', 'a:latest stage:latest'],
  ['FROM docker.io/library/scratch', 'scratch:latest'],
  ['FROM alpine:3⏎ARG V=1 # x', 'alpine:3'],
  ['FROM alpine:3 AS later⏎COPY --from=next /a /b⏎FROM nginx:1 AS next', 'error'],
  ['FROM alpine:3⏎COPY --from=0 /a /b', 'error'],
  ['FROM alpine:3⏎COPY --from=7 /a /b', 'error'],
  ['ARG V=1⏎FROM alpine:3⏎COPY --from=nginx:$V /a /b', 'error'],
  ['FROM alpine:3⏎COPY --from=nginx:1 --from=nginx:2 /a /b', 'error'],
  ['FROM alpine:3 AS B⏎FROM nginx:1⏎COPY --from=b /a /b', 'alpine:3 nginx:1'],
  ['FROM alpine:3 AS 1a', 'error'],
  ['', 'error'],
  ['# nothing', 'error'],
  ['RUN ls', 'error'],
  ['# escape=`⏎# escape=\\⏎FROM alpine:3', 'error'],
  ['# escape=x⏎FROM alpine:3', 'error'],
  ['FROM alpine:3⏎RUN cat <<EOF⏎FROM nginx', 'error'],
];

for (const [file, images] of answers) {
  test(`${JSON.stringify(file)} → ${images}`, () => {
    const { uses, problems } = read(file);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (images === 'error') assert.notDeepEqual(errors, []);
    else assert.deepEqual({ images: uses.map(nameOf).join(' '), errors }, { images, errors: [] });
  });
}

test('the last stage is the one that the target architecture names', () => {
  const file = 'FROM debian:12 AS base-amd64⏎FROM alpine:3 AS base-arm64⏎FROM base-${TARGETARCH}';
  assert.equal(read(file, { targetPlatform: 'linux/arm64' }).stages[2]?.from, 1);
  assert.equal(read(file).stages[2]?.from, 0);
});
