import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReference } from '../../../src/domain/image/reference.ts';
import { compilePattern } from '../../../src/domain/policy/pattern.ts';

function matches(pattern: string, reference: string): boolean {
  const compiled = compilePattern(pattern);
  const parsed = parseReference(reference);
  assert.equal(compiled.kind, 'pattern', pattern);
  assert.equal(parsed.kind, 'ok', reference);
  return compiled.kind === 'pattern' && parsed.kind === 'ok' && compiled.pattern.matches(parsed.reference);
}

for (const [pattern, reference, expected] of [
  ['docker.io/library/alpine', 'alpine:3.24', true],
  ['docker.io/library/alpine', 'alpine', true],
  ['docker.io/library/alpine', `alpine@sha256:${'a'.repeat(64)}`, true],
  ['docker.io/library/alpine', 'someone/alpine', false],
  ['docker.io/library/alpine', 'alpine-tools', false],
  ['docker.io/library/debian:*-slim', 'debian:13-slim', true],
  ['docker.io/library/debian:*-slim', 'debian:trixie-20260824-slim', true],
  ['docker.io/library/debian:*-slim', 'debian:13', false],
  ['docker.io/library/debian:*-slim', 'debian', false],
  ['docker.io/library/debian:*-slim', `debian@sha256:${'a'.repeat(64)}`, false],
  ['docker.io/library/node:16*', 'node:16.20-alpine', true],
  ['docker.io/library/node:16*', 'node:18', false],
  ['docker.io/library/node:latest', 'node', true],
  ['docker.io/library/*', 'node', true],
  ['docker.io/*', 'node', false],
  ['docker.io/*/node', 'cimg/node:20', true],
  ['gcr.io/distroless/**', 'gcr.io/distroless/nodejs26-debian13:nonroot', true],
  ['gcr.io/distroless/**', 'gcr.io/distrolessly/static', false],
  ['mcr.microsoft.com/dotnet/**', 'mcr.microsoft.com/dotnet/sdk:10.0', true],
  ['mcr.microsoft.com/**', 'mcr.microsoft.com/dotnet/framework/runtime:4.8', true],
  ['localhost:5000/**', 'localhost:5000/a/b:1', true],
  ['registry.example.com/team-*/app', 'registry.example.com/team-a/app', true],
  ['registry.example.com/team-*/app', 'registry.example.com/team-a/x/app', false],
  ['*.example.com/**', 'eu.example.com/app', true],
  ['**', 'whatever/it:is', true],
  ['docker.io/docker/dockerfile*', 'docker/dockerfile-upstream:master', true],
] as const) {
  test(`${pattern} ${expected ? 'matches' : 'does not match'} ${reference}`, () => {
    assert.equal(matches(pattern, reference), expected);
  });
}

for (const [pattern, reason] of [
  ['alpine', 'names no registry: write "docker.io/library/alpine"'],
  ['library/alpine', 'names no registry: write "docker.io/library/alpine"'],
  ['docker.io/{a,b}', 'is no image pattern'],
  ['docker.io/a b', 'is no image pattern'],
  ['', 'is no image pattern'],
  ['docker.io/a***', 'too many wildcards'],
  ['docker.io/*a*a*a*a*a*a*a*a*a', 'too many wildcards'],
] as const) {
  test(`refuses the pattern ${JSON.stringify(pattern)}`, () => {
    const compiled = compilePattern(pattern);
    assert.equal(compiled.kind, 'invalid');
    assert.ok(compiled.kind === 'invalid' && compiled.reason.includes(reason), JSON.stringify(compiled));
  });
}

test('scratch matches the empty base and nothing else', () => {
  const compiled = compilePattern('scratch');
  assert.ok(compiled.kind === 'pattern' && compiled.pattern.matchesScratch);
  assert.equal(matches('scratch', 'alpine'), false);
});
