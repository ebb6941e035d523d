import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuditVerdict, verifyAudit } from '../../../src/flows/audit/verify-audit.ts';
import { verdictText } from '../../../src/render/audit/verdict.ts';
import { chainedLines, sha256 } from '../../domain/audit/chained.ts';

const lines = chainedLines(5).map((line) => `${line}\n`);
const hashes = lines.map((line) => (JSON.parse(line) as { readonly hash: string }).hash);
const [first = '', second = '', third = '', fourth = '', fifth = ''] = lines;
const [one = '', two = '', , , five = ''] = hashes;

async function* inParts(text: readonly string[]) {
  yield text.slice(0, 2);
  yield [];
  yield text.slice(2);
}

const verified = (text: readonly string[], request: { readonly head?: string; readonly after?: string } = {}) =>
  verifyAudit(inParts(text), { ...request, sha256 });

async function says(
  written: readonly string[],
  request: Parameters<typeof verified>[1],
  ...expected: readonly RegExp[]
) {
  const text = verdictText(await verified(written, request));
  for (const sentence of expected) assert.match(text, sentence);
}

test('a whole export holds, and ends in its head', async () => {
  const expected: AuditVerdict = {
    ...{ schemaVersion: 1, events: 5, head: { sequence: 5, hash: five }, broken: null },
    wanted: { sequence: 5, hash: five },
  };
  assert.deepEqual(await verified(lines, { head: five }), expected);
  await says(lines, {}, /^5 events, 1 to 5, unbroken\. Head: [0-9a-f]{64}\nWhat was cut off/);
});

test('the head of an older report is in a longer export', () =>
  says(lines, { head: two }, /5 events, 1 to 5, unbroken\. The head that was named is that of event 2\./));

test('an export whose end was cut off lacks the head', async () => {
  assert.equal((await verified(lines.slice(0, 4))).broken, null, 'which nothing else can tell');
  await says(lines.slice(0, 4), { head: five }, /^The head that was named is not in the file: its end was cut off/);
});

test('an export of a part holds after what it follows on, and only there', async () => {
  const part = [third, fourth, fifth];
  await says(part, { after: two, head: five }, /^3 events, 3 to 5, unbroken\. .* event 5/);
  await says(part, { after: two, head: two }, /^3 events, 3 to 5, unbroken\. .* event 2/);
  await says(part, { after: one }, /^Line 1 is broken: event 3 does not follow on the one before/);
  await says(
    part,
    {},
    /^Line 1 is broken: event 1 is missing, event 3 stands in its place\nBefore it: 0 events unbroken\./,
  );
});

for (const [said, written, sentence] of [
  ['changed', [first, second.replace('trivy', 'grype'), third], /^Line 2 is broken: event 2 was changed/],
  ['missing', [first, third, fourth], /^Line 2 is broken: event 2 is missing, event 3 stands in its place/],
  ['moved', [first, third, fourth, second], /^Line 2 is broken: event 3 stands in the place of event 2/],
  ['doubled', [first, first, second], /^Line 2 is broken: event 1 stands in the place of event 2/],
  [
    'cut off within a line',
    [first, second.slice(0, 40)],
    /^Line 2 is broken: where event 2 should stand there is no whole/,
  ],
  ['without its last line end', [first, second.slice(0, -1)], /^Line 2 is broken: where event 2 should stand/],
  ['something else', ['hello\n'], /^Line 1 is broken: where event 1 should stand/],
] as const)
  test(`found and told: ${said}`, () => says(written, {}, sentence));

test('nothing at all holds, and is nothing', () => says([], {}, /^0 events unbroken\. Head: 0{64}/));
