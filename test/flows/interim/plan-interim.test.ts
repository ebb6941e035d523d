import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../../src/catalog/load.ts';
import { buildDefaultPolicy } from '../../../src/config/build-policy.ts';
import { applyEdits } from '../../../src/domain/dockerfile/edit.ts';
import { allRules } from '../../../src/domain/policy/rules/all-rules.ts';
import type { UpdateStep } from '../../../src/domain/update/update-plan.ts';
import { interimPlaces } from '../../../src/flows/interim/interim-places.ts';
import { planInterim } from '../../../src/flows/interim/plan-interim.ts';
import { readDockerfile } from '../../../src/flows/read-dockerfile.ts';
import { Scans } from '../../../src/flows/scan/scan-images.ts';
import { lookUp } from '../../../src/flows/subject-of.ts';
import { ScannerError } from '../../../src/ports/scanner.ts';
import { debian, hour, now, reference, type ScanWorld, withWorld } from '../scan/scan-world.ts';

const purls = ['pkg:deb/debian/openssl@1'];
const critical = { id: 'CVE-2026-1', severity: 'critical', package: 'openssl', fixedVersion: '2', purls } as const;
const old = { 'linux/amd64': { packages: { openssl: '1' }, system: debian } };
const mended = { 'linux/amd64': { packages: { openssl: '2' }, system: debian } };
const run =
  'RUN apt-get update && apt-get install -y --no-install-recommends --only-upgrade openssl && rm -rf /var/lib/apt/lists/*';
const marked = `# basekeeper interim CVE-2026-1 openssl: remove when the base has 2\n${run}\n`;
/** As the scanner tells it, the image runs as app. */
const upgraded = `USER root\n${marked}USER app\n`;

type Asked = { readonly isInserting?: boolean; readonly steps?: readonly UpdateStep[] };

/** What becomes of one Dockerfile, and what is told of it: plans by lane, refusals, what is not known. */
async function planned(world: ScanWorld, text: string, { isInserting = true, steps = [] }: Asked = {}) {
  const settings = { buildArgs: {}, buildArgsOf: () => ({}) };
  const policy = buildDefaultPolicy(allRules);
  const file = readDockerfile('Dockerfile', text, [], settings);
  const look = lookUp({ policy, catalog: loadCatalog() }, '2026-11-25');
  const places = interimPlaces([file], { policy, producers: new Map(), look, targetPlatform: undefined });
  const plan = await planInterim(
    { scans: new Scans(world.ports), registry: world.registry },
    { readAs: async (read, edited) => readDockerfile(read.path, edited, [], settings) },
    {
      ...{ places, statements: [], now, isInserting, stepsInLine: async () => steps },
      policy: { ...policy, scanner: { ...policy.scanner, maxDatabaseAgeMs: 48 * hour } },
    },
  );
  const edits = plan.plans.flatMap(({ files }) => files.flatMap((one) => one.edits));
  return {
    text: applyEdits(text, edits),
    lanes: plan.plans.map(({ lane, image }) => `${lane} ${image}`),
    refused: plan.refused.map(({ lane, line, reason }) => `${line} ${lane}: ${reason}`),
    unanswered: plan.unanswered.map(({ message }) => message),
  };
}

const fact = (said: string, use: (world: ScanWorld) => Promise<void>) =>
  test(said, () =>
    withWorld(async (world) => {
      world.scanner.advisories = [critical];
      world.push('debian:12-slim', old);
      await use(world);
    }),
  );

const quiet = { lanes: [], refused: [], unanswered: [] };
const from = 'FROM debian:12-slim\n';

fact('an upgrade goes in as root and back to whom the base runs as, once for each base', async (world) => {
  assert.deepEqual(await planned(world, `${from}CMD ["a"]\n`), {
    text: `${from}${upgraded}CMD ["a"]\n`,
    ...{ lanes: ['interim docker.io/library/debian'], refused: [], unanswered: [] },
  });
  assert.deepEqual(await planned(world, `${from}${upgraded}`), { text: `${from}${upgraded}`, ...quiet });
});

fact(
  'it goes out with the USER around it when the base has caught up, whether others are written or not',
  async (world) => {
    world.push('debian:12-slim', mended);
    for (const isInserting of [true, false])
      assert.deepEqual(await planned(world, `${from}${upgraded}CMD ["a"]\n`, { isInserting }), {
        text: `${from}CMD ["a"]\n`,
        ...{ lanes: ['interim-end docker.io/library/debian'], refused: [], unanswered: [] },
      });
  },
);

fact('one that goes out and one that goes in are written together, also at the end of a file', async (world) => {
  const gone = marked.replaceAll('CVE-2026-1 openssl', 'CVE-2026-9 zlib').replaceAll('openssl', 'zlib');
  for (const end of ['\n', ''])
    assert.deepEqual(await planned(world, `${from}${gone.trimEnd()}${end}`), {
      text: `${from}${upgraded}`,
      lanes: ['interim docker.io/library/debian', 'interim-end docker.io/library/debian'],
      ...{ refused: [], unanswered: [] },
    });
});

fact('without the wish for one none goes in, and nothing is scanned', async (world) => {
  assert.deepEqual(await planned(world, from, { isInserting: false }), { text: from, ...quiet });
  assert.deepEqual(world.scanner.calls, []);
});

fact('a scan that failed changes nothing, and is told', async (world) => {
  world.push('debian:12-slim', mended);
  world.scanner.refusals.set('scan', new ScannerError('late', 'trivy was ended after 600 s'));
  for (const text of [from, `${from}${upgraded}`])
    assert.deepEqual(await planned(world, text), { text, ...quiet, unanswered: ['trivy was ended after 600 s'] });
});

fact('a RUN that does other things as well is left, with the reason', async (world) => {
  world.push('debian:12-slim', mended);
  const text = `${from}${marked.replace('RUN ', 'RUN make && ')}`;
  const reason =
    'the base is free of CVE-2026-1 in openssl, but the RUN of lines 2–3 does other things as well: remove its upgrade by hand';
  assert.deepEqual(await planned(world, text), { text, ...quiet, refused: [`1 interim-end: ${reason}`] });
});

fact(
  'where the line has a content that is free of it, that is named; where it is not known, nothing is written',
  async (world) => {
    world.push('debian:12.13-slim', mended);
    const steps = [step('debian:12.13-slim')];
    const named = 'debian:12.13-slim scans free of CVE-2026-1: take it instead, basekeeper update writes it';
    assert.deepEqual(await planned(world, from, { steps }), { text: from, ...quiet, refused: [`1 interim: ${named}`] });
    const missing = await planned(world, from, { steps: [step('debian:12.14-slim')] });
    assert.deepEqual([missing.text, missing.refused], [from, []]);
    assert.match(missing.unanswered.join(), /^whether it has the fix is not known: /);
    world.push('debian:12.14-slim', old);
    assert.equal((await planned(world, from, { steps: [step('debian:12.14-slim')] })).text, `${from}${upgraded}`);
  },
);

fact('behind a FROM over several lines nothing is written, and the reason is told', async (world) => {
  const text = 'FROM debian:12-slim \\\n  AS app\nCMD ["a"]\n';
  const reason = 'it was tried, and the file would mean something else: write it by hand';
  assert.deepEqual(await planned(world, text), { text, ...quiet, refused: [`1 interim: ${reason}`] });
});

fact('what only builds is left, unless its findings have deadlines', async (world) => {
  const text = `FROM debian:12-slim AS build\nFROM scratch\nCOPY --from=build /a /a\n`;
  assert.deepEqual(await planned(world, text), { text, ...quiet });
});

function step(to: string): UpdateStep {
  return { lane: 'patch', from: reference('debian:12-slim'), to: reference(to), reasons: [], uses: [] };
}
