import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate, Lane } from '../../../src/domain/candidates/candidate.ts';
import { formatReference, parseReference, type Reference } from '../../../src/domain/image/reference.ts';
import { chooseSteps, type KnownUpdates, type StepSettings } from '../../../src/domain/update/choose-steps.ts';

const old = `sha256:${'0'.repeat(64)}`;
const fresh = `sha256:${'1'.repeat(64)}`;

function reference(text: string): Reference {
  const parsed = parseReference(text);
  assert.ok(parsed.kind === 'ok');
  return parsed.reference;
}

const candidate = (lane: Lane, tag: string): Candidate => ({ lane, tag, reasons: [lane] });
const node = [candidate('patch', '22.11.1'), candidate('minor', '22.12.0'), candidate('major', '24.1.0')];

type Row = readonly [
  what: string,
  known: Partial<KnownUpdates> & { readonly of: string },
  settings: Partial<StepSettings>,
  steps: readonly string[],
];

const all: readonly Lane[] = ['digest', 'patch', 'minor', 'major', 'os', 'successor'];
const rows: readonly Row[] = [
  [
    'the default lanes take the newest of the line alone',
    { of: 'node:22.11.0', candidates: node, recommended: '22.12.0' },
    {},
    ['minor node:22.12.0'],
  ],
  [
    'a patch is taken where minor is not allowed',
    { of: 'node:22.11.0', candidates: node, recommended: '22.12.0' },
    { lanes: ['patch'] },
    ['patch node:22.11.1'],
  ],
  [
    'a major is a step of its own',
    { of: 'node:22.11.0', candidates: node, recommended: '22.12.0' },
    { lanes: all },
    ['minor node:22.12.0', 'major node:24.1.0'],
  ],
  [
    'in the line nothing else is taken',
    { of: 'node:22.11.0', candidates: node, recommended: '22.12.0' },
    { lanes: all, take: 'in-line' },
    ['minor node:22.12.0'],
  ],
  [
    'in the line a step to another line is none',
    { of: 'alpine:3.20', candidates: [candidate('minor', '3.22')] },
    { take: 'in-line' },
    [],
  ],
  [
    'or it goes as far as it may',
    { of: 'node:22.11.0', candidates: node, recommended: '22.12.0' },
    { lanes: all, take: 'farthest' },
    ['major node:24.1.0'],
  ],
  [
    'a floating tag leaves its line only where that is allowed',
    { of: 'python:3.12-slim', candidates: [candidate('minor', '3.14-slim')] },
    { lanes: ['digest', 'patch'] },
    [],
  ],
  [
    'a step to another line stands beside the patch of this one',
    {
      of: 'alpine:3.20.1',
      candidates: [candidate('patch', '3.20.3'), candidate('minor', '3.22.1')],
      recommended: '3.20.3',
    },
    {},
    ['patch alpine:3.20.3', 'minor alpine:3.22.1'],
  ],
  [
    'a moved tag refreshes a pinned digest',
    { of: `node:22@${old}`, tagDigest: fresh, hasMoved: true },
    {},
    [`digest node:22@${fresh}`],
  ],
  ['a digest whose tag has not moved stays', { of: `node:22@${old}`, tagDigest: fresh, hasMoved: false }, {}, []],
  [
    'a step in the line brings a digest of its own',
    { of: `node:22.11.0@${old}`, candidates: node, recommended: '22.12.0', tagDigest: fresh, hasMoved: true },
    {},
    ['minor node:22.12.0 with digest'],
  ],
  [
    'a step out of the line leaves the digest to be refreshed',
    { of: `node:22@${old}`, candidates: [candidate('major', '24')], tagDigest: fresh, hasMoved: true },
    { lanes: all },
    ['major node:24 with digest', `digest node:22@${fresh}`],
  ],
  ['what is not pinned gets no digest', { of: 'node:22', tagDigest: fresh }, {}, []],
  ['but where pinning is asked for', { of: 'node:22', tagDigest: fresh }, { pin: true }, [`digest node:22@${fresh}`]],
  ['without a tag there is nothing to pin', { of: 'node', tagDigest: fresh }, { pin: true }, []],
  ['pinning needs the digest lane', { of: 'node:22', tagDigest: fresh }, { pin: true, lanes: ['patch'] }, []],
  [
    'with pinning a step writes a digest',
    { of: 'node:22.11.0', candidates: node, recommended: '22.12.0' },
    { pin: true },
    ['minor node:22.12.0 with digest'],
  ],
  [
    'a successor lies in another repository',
    {
      of: 'openjdk:17',
      candidates: [{ lane: 'successor', tag: '17', repository: 'docker.io/library/eclipse-temurin', reasons: [] }],
    },
    { lanes: all },
    ['successor eclipse-temurin:17'],
  ],
];

for (const [what, { of, ...known }, settings, steps] of rows) {
  test(what, () => {
    const facts = { reference: reference(of), candidates: [], recommended: undefined, hasMoved: false, ...known };
    const chosen = chooseSteps(facts, { lanes: ['digest', 'patch', 'minor'], pin: false, take: 'each', ...settings });
    const told = chosen.map(({ lane, to, writesDigest }) => {
      const name = formatReference(to).replace('docker.io/library/', '');
      return `${lane} ${name}${writesDigest && to.digest === undefined ? ' with digest' : ''}`;
    });
    assert.deepEqual(told, steps);
  });
}
