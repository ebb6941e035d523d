/**
 * The policy in force where no file says otherwise, in the words of the policy file: 5.2.2 as design decided its open
 * questions. Levels of single rules stand with the rules.
 */
export const defaultPolicyFile = {
  version: 1,
  sources: {
    official: ['docker.io/library/**'],
    publishers: 'dockerhub',
    vendors: ['gcr.io/distroless/**', 'mcr.microsoft.com/**'],
    internal: [],
  },
  aliases: {
    'mirror.gcr.io/library': 'docker.io/library',
    'public.ecr.aws/docker/library': 'docker.io/library',
    'registry-1.docker.io': 'docker.io',
    'registry.docker.com': 'docker.io',
    'registry.hub.docker.com': 'docker.io',
    'docker.io/amd64': 'docker.io/library',
    'docker.io/arm32v5': 'docker.io/library',
    'docker.io/arm32v6': 'docker.io/library',
    'docker.io/arm32v7': 'docker.io/library',
    'docker.io/arm64v8': 'docker.io/library',
    'docker.io/i386': 'docker.io/library',
    'docker.io/mips64le': 'docker.io/library',
    'docker.io/ppc64le': 'docker.io/library',
    'docker.io/riscv64': 'docker.io/library',
    'docker.io/s390x': 'docker.io/library',
    'docker.io/winamd64': 'docker.io/library',
  },
  categories: {
    preferred: {
      why: 'minimal attack surface',
      images: ['scratch', 'docker.io/library/alpine', 'gcr.io/distroless/**'],
    },
    permitted: {
      why: 'broad compatibility',
      images: ['docker.io/library/debian:*-slim', { image: 'docker.io/library/ubuntu', require: 'lts' }],
    },
    restricted: {
      why: 'official images only',
      images: ['docker.io/library/node', 'docker.io/library/python', 'mcr.microsoft.com/dotnet/**', 'official'],
    },
    prohibited: { why: 'not verifiable', images: ['**'] },
  },
  judge: { deployed: false, ci: false },
  ignore: [],
  maxWaiverDays: 365,
} as const;
