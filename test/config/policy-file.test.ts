import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { stringify } from 'yaml';
import { describePolicy } from '../../src/config/describe-policy.ts';
import { findPolicyFile, loadPolicy } from '../../src/config/load-policy.ts';
import { policyTemplate } from '../../src/config/policy-template.ts';
import { withRepositoryFile } from '../../src/config/repository-policy.ts';
import { allRules } from '../../src/domain/policy/rules/all-rules.ts';

const folder = await mkdtemp(join(tmpdir(), 'policy-'));
after(() => rm(folder, { recursive: true }));
let count = 0;

async function load(text: string, organisation?: string) {
  count += 1;
  const path = join(folder, `repository-${count}.yaml`);
  await writeFile(path, text);
  if (organisation !== undefined) await writeFile(join(folder, 'organisation.yaml'), organisation);
  return loadPolicy(path, allRules, '2026-11-23');
}

async function problemsOf(text: string, organisation?: string): Promise<readonly string[]> {
  const loaded = await load(text, organisation);
  return loaded.kind === 'problems' ? loaded.problems.map(({ line, message }) => `${line}: ${message}`) : [];
}

const waiver = (fields: string) =>
  `version: 1\nwaivers:\n  - { id: W-1, image: docker.io/library/node, reason: why, owner: team, ${fields} }\n`;

for (const [name, text, problem] of [
  [
    'an unknown key names the nearest known one',
    'version: 1\nsource: {}\n',
    '2: source is not known; did you mean sources?',
  ],
  [
    'an unknown nested key names the nearest known one',
    'version: 1\nsources:\n  vendor: []\n',
    '3: sources.vendor is not known; did you mean vendors?',
  ],
  [
    'an unknown rule names the nearest one',
    'version: 1\nrules:\n  end-of-live: warn\n',
    '3: rules.end-of-live is not known; did you mean end-of-life?',
  ],
  [
    'an unknown key in a list is told with its line',
    `version: 1\ncategories:\n  preferred:\n    why: x\n    images:\n      - { image: docker.io/a, requires: lts }\n`,
    '6: categories.preferred.images.0.requires is not known; did you mean require?',
  ],
  [
    'a wrong level lists the right ones',
    'version: 1\nrules: { no-digest: error }\n',
    '2: rules.no-digest has the wrong type: write one of off, info, warn, unknown, fail',
  ],
  [
    'what releases anew is no path',
    'version: 1\ndeadlines:\n  rebuild: { workflow: ../release.yml }\n',
    "3: deadlines.rebuild.workflow is no workflow: write its file's name, release.yml",
  ],
  [
    'what releases anew runs on a branch or a tag',
    'version: 1\ndeadlines:\n  rebuild: { ref: "a..b" }\n',
    '3: deadlines.rebuild.ref is no branch or tag: write main',
  ],
  ['a wrong type is told', 'version: 1\nignore: vendor/**\n', '2: ignore must be a list'],
  ['a wrong version is told', 'version: 2\n', '1: version must be 1'],
  ['a missing version is told', 'ignore: []\n', '1: version must be 1'],
  [
    'a number where text is needed is told',
    'version: 1\nbuildArgs: { "**": { V: 3.20 } }\n',
    '2: buildArgs.**.V must be text: put it in quotes, or 3.20 becomes 3.2',
  ],
  [
    'a pattern without a registry is refused',
    'version: 1\nsources: { vendors: [alpine] }\n',
    '2: "alpine" names no registry: write "docker.io/library/alpine"',
  ],
  ['invalid YAML has its line', 'version: 1\nrules: {\n', '3: is not valid YAML'],
  [
    'a waiver without a reason is refused',
    'version: 1\nwaivers:\n  - { id: a, image: docker.io/x, rule: end-of-life, owner: o, expires: 2027-01-01 }\n',
    '3: waivers.0.reason is missing',
  ],
  [
    'a waiver without rule and vulnerability is refused',
    waiver('expires: 2026-12-01'),
    '3: waiver W-1 waives nothing: write rule, vulnerability, or both',
  ],
  [
    'a waiver of a package alone is refused',
    waiver('package: openssl, expires: 2026-12-01'),
    '3: waiver W-1 names a package and no vulnerability: write vulnerability, or leave the package out',
  ],
  [
    'a released image with a tag is refused',
    'version: 1\ndeadlines:\n  releaseImages:\n    ghcr.io/acme/shop:1.0: { path: Dockerfile }\n',
    '4: deadlines.releaseImages.ghcr.io/acme/shop:1.0 is no repository of a registry: write ghcr.io/acme/shop, without a tag',
  ],
  [
    'a released image needs its Dockerfile',
    'version: 1\ndeadlines:\n  releaseImages:\n    ghcr.io/acme/shop: {}\n',
    '4: deadlines.releaseImages.ghcr.io/acme/shop.path is missing',
  ],
  [
    'a list of what is exploited at no https address is refused',
    'version: 1\ndeadlines:\n  exploited: { list: kev.json }\n',
    '3: deadlines.exploited.list is no https address: write one, or name a file with monitor --known-exploited',
  ],
  [
    'a waiver of all deadlines is refused',
    waiver('rule: deadlines, approvedBy: lead, expires: 2026-12-01'),
    '3: waiver W-1 waives deadlines of everything: name each vulnerability',
  ],
  [
    'a waiver of a vulnerability in a rule that judges none is refused',
    waiver('rule: end-of-life, vulnerability: CVE-2026-1, approvedBy: lead, expires: 2026-12-01'),
    '3: waiver W-1 names vulnerabilities, which end-of-life does not judge: write unpatched-critical, unfixed-critical, high-findings, deadlines, or no rule',
  ],
  [
    'a waiver of a vulnerability that its owner approved is refused',
    waiver('vulnerability: CVE-2026-1, approvedBy: " Team ", expires: 2026-12-01'),
    '3: waiver W-1 waives CVE-2026-1: it needs approvedBy, other than the owner',
  ],
  [
    'a waiver whose approver is its owner by another spelling is refused: @Ada for ada',
    waiver('vulnerability: CVE-2026-1, approvedBy: "@Ada", expires: 2026-12-01').replace(
      'owner: team,',
      'owner: "ada",',
    ),
    '3: waiver W-1 waives CVE-2026-1: it needs approvedBy, other than the owner',
  ],
  [
    'a waiver whose approver is its owner by another spelling is refused: ada for  @ADA',
    waiver('vulnerability: CVE-2026-1, approvedBy: "ada", expires: 2026-12-01').replace(
      'owner: team,',
      'owner: " @ADA",',
    ),
    '3: waiver W-1 waives CVE-2026-1: it needs approvedBy, other than the owner',
  ],
  [
    'a waiver whose approver is its owner by another spelling is refused: acme/security for @acme/security',
    waiver('vulnerability: CVE-2026-1, approvedBy: "acme/security", expires: 2026-12-01').replace(
      'owner: team,',
      'owner: "@acme/security",',
    ),
    '3: waiver W-1 waives CVE-2026-1: it needs approvedBy, other than the owner',
  ],
  [
    'a waiver whose approver is its owner by another spelling is refused: team:security for acme/Security',
    waiver('vulnerability: CVE-2026-1, approvedBy: "team:security", expires: 2026-12-01').replace(
      'owner: team,',
      'owner: "acme/Security",',
    ),
    '3: waiver W-1 waives CVE-2026-1: it needs approvedBy, other than the owner',
  ],
  [
    'a waiver whose approver is its owner by another spelling is refused: acme/security for team:security',
    waiver('vulnerability: CVE-2026-1, approvedBy: "acme/security", expires: 2026-12-01').replace(
      'owner: team,',
      'owner: "team:security",',
    ),
    '3: waiver W-1 waives CVE-2026-1: it needs approvedBy, other than the owner',
  ],
  [
    'a waiver of CRITICAL findings that is too long is refused with what to write',
    waiver('rule: unpatched-critical, approvedBy: lead, expires: 2026-12-01'),
    '3: waiver W-1 expires on 2026-12-01: for CRITICAL findings the longest allowed is 7 days ahead; write expires: 2026-11-30 or an earlier day',
  ],
  [
    'of two rules the worse one says how long',
    waiver('rule: [high-findings, unfixed-critical], approvedBy: lead, expires: 2026-12-01'),
    '3: waiver W-1 expires on 2026-12-01: for CRITICAL findings the longest allowed is 7 days ahead; write expires: 2026-11-30 or an earlier day',
  ],
  [
    'a waiver of a vulnerability is never longer than that of a LOW one',
    waiver('vulnerability: CVE-2026-1, approvedBy: lead, expires: 2027-06-01'),
    '3: waiver W-1 expires on 2027-06-01: for LOW findings the longest allowed is 180 days ahead; write expires: 2027-05-22 or an earlier day',
  ],
  [
    'a waiver of an unknown rule is refused',
    waiver('rule: eol, expires: 2027-01-01'),
    '3: waiver W-1 names the rule eol, which does not exist',
  ],
  [
    'a waiver that ends on no day is refused',
    waiver('rule: end-of-life, expires: 2027-02-30'),
    '3: waivers.0.expires is no day: write YYYY-MM-DD',
  ],
  [
    'a waiver that reaches too far is refused',
    waiver('rule: end-of-life, expires: 2029-01-01'),
    '3: waiver W-1 expires on 2029-01-01: the longest allowed is 365 days ahead, 2027-11-23',
  ],
  [
    'a waiver for a prohibited image needs an approver',
    waiver('rule: prohibited, expires: 2027-01-01'),
    '3: waiver W-1 waives prohibited: it needs approvedBy, other than the owner',
  ],
  [
    'its owner cannot approve it',
    waiver('rule: [prohibited], expires: 2027-01-01, approvedBy: team'),
    '3: waiver W-1 waives prohibited: it needs approvedBy, other than the owner',
  ],
  [
    'an alias must name a registry',
    'version: 1\naliases: { mirror.example.com: hub }\n',
    '2: aliases.mirror.example.com must name a registry: write docker.io/hub',
  ],
  [
    'alias bombs are refused',
    `version: 1\nignore: &a [x]\nx: [${'*a, '.repeat(200)}*a]\n`,
    '1: uses too many YAML aliases',
  ],
] as const) {
  test(name, async () => {
    const problems = await problemsOf(text);
    assert.ok(
      problems.some((line) => line.startsWith(problem)),
      problems.join('\n') || 'accepted',
    );
  });
}

const organisation =
  'version: 1\nsources: { vendors: ["cgr.dev/chainguard/**"] }\nrules: { floating-tag: fail }\nmaxWaiverDays: 90\n' +
  'deadlines: { releaseImages: { ghcr.io/acme/shop: { path: Dockerfile } } }\n';

for (const [name, text, problem] of [
  ['sources', 'sources: { vendors: ["docker.io/evil/**"] }', 'sources belongs to the organisation'],
  ['aliases', 'aliases: { docker.io/evil: docker.io/library }', 'aliases belongs to the organisation'],
  ['categories', 'categories: { preferred: { why: x, images: ["**"] } }', 'categories belongs to the organisation'],
  ['maxWaiverDays', 'maxWaiverDays: 3000', 'maxWaiverDays belongs to the organisation'],
  ['less proof of approvals', 'approvalProof: off', 'approvalProof would loosen asked to off'],
  ['waiverDays', 'waiverDays: { critical: 30 }', 'waiverDays belongs to the organisation'],
  ['deadlines', 'deadlines: { critical: 99d }', 'deadlines.critical would loosen 48h to 99d'],
  ['a deadline without a bound', 'deadlines: { high: next-release }', 'deadlines.high would loosen 7d to next-release'],
  ['the clock', 'deadlines: { clock: base-available }', 'deadlines.clock belongs to the organisation'],
  ['what is exploited', 'deadlines: { exploited: { as: off } }', 'deadlines.exploited belongs to the organisation'],
  ['how tags count', 'deadlines: { releases: branch }', 'deadlines.releases belongs to the organisation'],
  [
    'another image where its organisation names one',
    'deadlines: { releaseImages: { ghcr.io/me/shop: { path: Dockerfile } } }',
    'deadlines.releaseImages would name ghcr.io/me/shop for Dockerfile, where the organisation',
  ],
  [
    'another image where its organisation names one, by another spelling of the path',
    'deadlines: { releaseImages: { ghcr.io/me/shop: { path: ./Dockerfile } } }',
    'deadlines.releaseImages would name ghcr.io/me/shop for ./Dockerfile, where the organisation',
  ],
  [
    'another Dockerfile for an image that its organisation names',
    'deadlines: { releaseImages: { ghcr.io/acme/shop: { path: other/Dockerfile } } }',
    'deadlines.releaseImages would name ghcr.io/acme/shop for other/Dockerfile, where the organisation',
  ],
  ['registries', 'registries: { registry.corp.example: { private: true } }', 'registries belongs to the organisation'],
  ['vex', 'vex: [{ path: "**", author: me }]', 'vex belongs to the organisation'],
  ['judge', 'judge: { ci: false }', 'judge belongs to the organisation'],
  ['automerge', 'update: { automerge: true }', 'update.automerge belongs to the organisation'],
  ['maxGrowth', 'verify: { maxGrowth: 900% }', 'verify.maxGrowth belongs to the organisation'],
  ['noWorse', 'verify: { noWorse: [] }', 'verify.noWorse belongs to the organisation'],
  [
    'notes on Dependabot alone, where the organisation leaves its levels',
    'rules: { dependabot: info }',
    'rules.dependabot would loosen warn to info',
  ],
  ['a looser level', 'rules: { floating-tag: warn }', 'rules.floating-tag would loosen ships from fail to warn'],
  [
    'a longer waiver',
    'waivers: [{ id: W, image: docker.io/library/node, rule: end-of-life, reason: r, owner: o, expires: 2027-05-01 }]',
    'the longest allowed is 90 days',
  ],
] as const) {
  test(`a repository's file may not set ${name}`, async () => {
    const problems = await problemsOf(`version: 1\nextends: organisation.yaml\n${text}\n`, organisation);
    assert.ok(
      problems.some((line) => line.includes(problem)),
      problems.join('\n') || 'accepted',
    );
  });
}

for (const path of ['./web/Dockerfile', '/web/Dockerfile', '././web/Dockerfile'])
  test(`a released image of ${path} is that of web/Dockerfile`, async () => {
    const loaded = await load(`version: 1\ndeadlines: { releaseImages: { ghcr.io/acme/shop: { path: ${path} } } }\n`);
    assert.equal(loaded.kind, 'policy', JSON.stringify(loaded));
    if (loaded.kind !== 'policy') return;
    assert.deepEqual(
      loaded.policy.deadlines.releaseImages.map((one) => one.path),
      ['web/Dockerfile'],
    );
  });

test("a repository's file may tighten, waive, ignore and answer", async () => {
  const text = `version: 1
extends: organisation.yaml
rules: { no-digest: warn, end-of-life: { builds: fail }, dependabot: fail }
ignore: ["fixtures/**"]
buildArgs: { "**": { V: "3.20" } }
verify: { tests: ["npm test"] }
update: { schedule: daily }
approvalProof: required
deadlines: { critical: 24h, releaseImages: { ghcr.io/acme/cart: { path: cart/Dockerfile, stage: app } } }
waivers: [{ id: W, image: docker.io/library/node, rule: end-of-life, reason: r, owner: o, expires: 2026-12-24 }]
`;
  const loaded = await load(text, organisation);
  assert.equal(loaded.kind, 'policy', JSON.stringify(loaded));
  if (loaded.kind !== 'policy') return;
  const { policy } = loaded;
  assert.deepEqual(policy.rules['end-of-life'], { ships: 'fail', builds: 'fail' });
  assert.equal(policy.dependabot, 'fail');
  assert.deepEqual(policy.rules['no-digest'], { ships: 'warn', builds: 'warn' });
  assert.deepEqual(policy.rules['floating-tag'], { ships: 'fail', builds: 'fail' });
  assert.deepEqual(
    policy.sources.vendors.map(({ text: pattern }) => pattern),
    ['cgr.dev/chainguard/**'],
  );
  assert.equal(policy.waivers[0]?.id, 'W');
  assert.equal(policy.approvalProof, 'required');
  assert.deepEqual(
    policy.deadlines.releaseImages.map(({ address, path, stage }) => `${address.repository} ${path} ${stage}`),
    ['acme/shop Dockerfile undefined', 'acme/cart cart/Dockerfile app'],
  );
  assert.equal(loaded.files.length, 2);
});

test('of a fetched repository its own file counts for the images that it is released as, not against its organisation', async () => {
  const loaded = await load(organisation);
  if (loaded.kind !== 'policy') assert.fail();
  const own = (images: string) =>
    withRepositoryFile(
      loaded.policy,
      `version: 1\ndeadlines: { high: 90d, releaseImages: { ${images} } }\n`,
      'own.yaml',
      {
        ...{ rules: allRules, today: '2026-11-23' },
      },
    );
  const added = own('ghcr.io/acme/cart: { path: cart/Dockerfile }');
  assert.deepEqual([added.problems, added.policy.deadlines.releaseImages.length], [[], 2]);
  assert.deepEqual(added.policy.deadlines.windowsMs, loaded.policy.deadlines.windowsMs);
  const against = own('ghcr.io/me/shop: { path: Dockerfile }');
  assert.deepEqual(against.policy.deadlines.releaseImages, loaded.policy.deadlines.releaseImages);
  assert.match(against.problems.map(({ message }) => message).join(), /would name ghcr.io\/me\/shop for Dockerfile/);
});

test("what releases anew is the repository's own word, whole, over its organisation's", async () => {
  const loaded = await load(
    'version: 1\nextends: organisation.yaml\ndeadlines: { rebuild: { ref: stable, inputs: { dryRun: false } } }\n',
    'version: 1\ndeadlines: { critical: 24h, rebuild: { workflow: release.yml, inputs: { force: true } } }\n',
  );
  assert.equal(loaded.kind, 'policy', JSON.stringify(loaded));
  if (loaded.kind !== 'policy') return;
  assert.deepEqual(loaded.policy.deadlines.rebuild, { ref: 'stable', inputs: { dryRun: false } });
  assert.equal(loaded.policy.deadlines.windowsMs.critical, 24 * 3_600_000);
});

test('a chain of extends, and a web address, are refused', async () => {
  assert.match(
    (await problemsOf('version: 1\nextends: organisation.yaml\n', 'version: 1\nextends: x.yaml\n')).join(),
    /extends nothing/,
  );
  assert.match(
    (await problemsOf('version: 1\nextends: https://example.com/p.yaml\n')).join(),
    /web addresses are not read/,
  );
  assert.match((await problemsOf('version: 1\nextends: missing.yaml\n')).join(), /does not exist/);
});

test('what show prints reads back as the same policy', async () => {
  const before = await loadPolicy(undefined, allRules, '2026-11-23');
  assert.equal(before.kind, 'policy');
  if (before.kind !== 'policy') return;
  const shown = describePolicy(before.policy);
  const again = await load(stringify(shown));
  assert.equal(again.kind, 'policy', JSON.stringify(again));
  if (again.kind === 'policy') assert.deepEqual(describePolicy(again.policy), shown);
});

test('the file that init writes is the default policy, with Basekeeper as the owner of updates', async () => {
  const defaults = await loadPolicy(undefined, allRules, '2026-11-23');
  const written = await load(policyTemplate(allRules));
  assert.equal(written.kind, 'policy', JSON.stringify(written));
  if (written.kind === 'policy' && defaults.kind === 'policy')
    assert.deepEqual(
      describePolicy(written.policy),
      describePolicy({ ...defaults.policy, update: { ...defaults.policy.update, owner: 'basekeeper' } }),
    );
});

test('the rules that init lists as comments are accepted once uncommented', async () => {
  const text = policyTemplate(allRules)
    .replace('# rules:', 'rules:')
    .replace(/^# {3}([a-z-]+: +\{ ships)/gm, '  $1');
  const loaded = await load(text);
  assert.equal(loaded.kind, 'policy', JSON.stringify(loaded));
  assert.ok(text.includes('\n  end-of-life:'));
});

test('a policy file is found up to the root of the work tree, and not above it', async () => {
  const { mkdir } = await import('node:fs/promises');
  const tree = join(folder, 'tree');
  await mkdir(join(tree, '.git'), { recursive: true });
  await mkdir(join(tree, 'a', 'b'), { recursive: true });
  await writeFile(join(folder, 'basekeeper.yaml'), 'version: 1\n');
  assert.equal(await findPolicyFile(join(tree, 'a', 'b')), undefined);
  await writeFile(join(tree, 'basekeeper.yaml'), 'version: 1\n');
  assert.equal(await findPolicyFile(join(tree, 'a', 'b')), join(tree, 'basekeeper.yaml'));
});
