import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A small generator with a seed: the same corpus on every machine. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const bases = [
  'node:26-alpine',
  'node:20',
  'python:3.12-slim',
  'golang:1.27',
  'debian:bookworm-slim',
  'ubuntu:24.04',
  'eclipse-temurin:21-jre',
  'nginx:latest',
  'someone/base:1.2',
  'mcr.microsoft.com/dotnet/sdk:10.0',
];

/** One realistic Dockerfile: 30 % multi-stage, 20 % with a variable in FROM, the usual long RUN chains. About 1.5 kB. */
export function dockerfile(seed: number): string {
  const next = random(seed);
  const pick = () => bases[Math.floor(next() * bases.length)] ?? 'alpine:3.24';
  const lines: string[] = [];
  const base = pick();
  const [name = base, tag = 'latest'] = base.split(':');
  const hasVariable = next() < 0.2;
  const isMultiStage = next() < 0.3;
  if (next() < 0.03) lines.push('# syntax=docker/dockerfile:1');
  lines.push('# Built by the platform pipeline; see the handbook before changing the base.');
  if (hasVariable) lines.push(`ARG VERSION=${tag}`);
  lines.push(`FROM ${hasVariable ? `${name}:\${VERSION}` : base}${isMultiStage ? ' AS build' : ''}`);
  lines.push(
    'LABEL org.opencontainers.image.source="https://example.com/team/service" \\',
    '      org.opencontainers.image.licenses="Apache-2.0"',
  );
  lines.push('ENV APP_HOME=/srv/app \\', '    LANG=C.UTF-8', 'WORKDIR $APP_HOME');
  lines.push('RUN apt-get update \\', ' && apt-get install -y --no-install-recommends \\');
  const packages = [
    'ca-certificates',
    'curl',
    'git',
    'libpq-dev',
    'build-essential',
    'tzdata',
    'openssl',
    'gnupg',
    'unzip',
    'jq',
  ];
  for (const pack of packages.slice(0, 3 + Math.floor(next() * 7))) lines.push(`      ${pack} \\`);
  lines.push(' # lists are not needed later', ' && rm -rf /var/lib/apt/lists/*');
  lines.push(
    'COPY --chown=1000:1000 package.json package-lock.json ./',
    'RUN --mount=type=cache,target=/root/.npm npm ci',
    'COPY . .',
  );
  if (next() < 0.05) lines.push('RUN <<EOF', 'set -e', 'echo FROM nowhere', 'npm run lint', 'EOF');
  lines.push('RUN npm run build \\', ' && npm prune --omit=dev');
  if (isMultiStage) lines.push(`FROM ${pick()}`, 'COPY --from=build /srv/app /srv/app');
  if (next() < 0.03) lines.push('COPY --from=busybox:1 /bin/busybox /bin/busybox');
  lines.push(
    'EXPOSE 8080',
    'USER 1000',
    'HEALTHCHECK CMD curl -f http://localhost:8080/health || exit 1',
    'ENTRYPOINT ["/srv/app/entrypoint.sh"]',
    'CMD ["serve", "--port", "8080"]',
    '',
  );
  return lines.join('\n');
}

/** A tree with `count` Dockerfiles among twice as many other files. */
export function writeTree(root: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const folder = join(root, `team-${index % 50}`, `service-${index}`);
    const name = index % 3 === 0 ? `api.Dockerfile` : 'Dockerfile';
    writeAt(join(folder, name), dockerfile(index));
    writeAt(join(folder, 'src', 'main.ts'), `export const service = ${index};\n`);
    writeAt(join(folder, 'README.md'), `# Service ${index}\n`);
  }
}

function writeAt(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
