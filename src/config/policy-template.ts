import type { Rule } from '../domain/policy/rule.ts';

/** The text that `init` writes: the default policy, explained, with everything that changes nothing commented out. */
export function policyTemplate(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  const levels = rules.map(
    ({ id, levels: { ships, builds }, title }) =>
      `${`#   ${`${id}:`.padEnd(width + 1)} { ships: ${ships}, builds: ${builds} }`.padEnd(width + 42)}# ${title}`,
  );
  return `# The base image policy of this repository; \`basekeeper check\` reads it.
# \`basekeeper policy schema\` prints its schema, \`basekeeper policy show\` everything that is in force.
version: 1

# Take over an organisation's file; this one may then only tighten it.
# extends: ../policies/basekeeper.yaml

# Whose images count as official. Patterns are host/path[:tag]; * stays within a segment or the tag, ** crosses.
sources:
  official: ["docker.io/library/**"]
  vendors: ["gcr.io/distroless/**", "mcr.microsoft.com/**"]
  internal: []

# How single registries are asked. Private addresses and plain HTTP are refused elsewhere.
# registries: { "registry.corp.example:5000": { private: true, maxInFlight: 16 } }

# First match wins, in this order. "official" stands for every image whose source is known to be official.
categories:
  preferred:
    why: minimal attack surface
    images: [scratch, docker.io/library/alpine, "gcr.io/distroless/**"]
  permitted:
    why: broad compatibility
    images: ["docker.io/library/debian:*-slim", { image: docker.io/library/ubuntu, require: lts }]
  restricted:
    why: official images only
    images: [docker.io/library/node, docker.io/library/python, "mcr.microsoft.com/dotnet/**", official]
  prohibited:
    why: not verifiable
    images: ["**"]

# Levels: off, info (printed only), warn, unknown, fail. "ships" is the base of what ships, "builds" everything else.
# These are the defaults; uncomment what you want to change.
# rules:
${levels.join('\n')}

# Images that only run in CI, or are deployed and not built, are listed; judge them too:
# judge: { ci: true, deployed: true }

# Answers to build arguments that have no default, by path. Quote the values.
# buildArgs: { "services/**": { BASE_TAG: "3.24" } }

# Files that are not looked at.
# ignore: ["**/fixtures/**"]

# How \`basekeeper update\` proposes updates; what is commented out are the defaults.
update:
  owner: basekeeper               # or dependabot: one bot proposes updates of images, the other leaves them alone
#   lanes: [digest, patch, minor]   # major, os and successor only where they are named
#   pin: false                      # true writes tag@digest everywhere
#   schedule: weekly
#   labels: [dependencies, docker, security]
#   reviewers: ["team:devops"]

# How \`check --scan\` judges what scanners tell; the organisation's file alone may say it.
# scanner: { maxDatabaseAge: 48h, severity: vendor }

# What \`basekeeper verify\` asks of an update besides its builds and scans.
# verify:
#   tests: ["npm test", { run: "node --check /app/server.js", in: image }]
#   noWorse: [critical, high]
#   maxGrowth: 20%

# By when findings have to be in a release; a repository may only shorten them. What is commented out are the defaults.
# deadlines:
#   critical: 48h
#   high: 7d
#   medium: 30d
#   low: next-release
#   clock: fix-available            # or detected, base-available
#   releases: tags                  # or branch, where what is merged ships at once
#   releaseImages: { ghcr.io/acme/shop: { path: Dockerfile } }   # a release is that image, not a tag
#   rebuild: { workflow: release.yml }   # started by \`monitor --scan --act\` where a tag moved; none by default

# Dated exceptions. Those of prohibited images and CRITICAL findings need approvedBy, other than the owner.
# waivers:
#   - { id: W-1, image: "docker.io/library/node:16*", rule: end-of-life, path: "legacy/**",
#       reason: certified SDK, owner: team-checkout, expires: 2027-02-01 }
#   - { id: W-2, image: "docker.io/library/debian:*", vulnerability: CVE-2026-1234, package: openssl,
#       reason: not reachable, owner: team-checkout, approvedBy: security, expires: 2026-12-01 }
# Whether check --online and monitor --scan ask the forge if approvers approved: off, asked, or required, where unproven ones do not count.
# approvalProof: asked
waivers: []
`;
}
