import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DoctorCheck } from '../../src/flows/doctor/doctor-result.ts';
import { formatDoctor } from '../../src/render/doctor.ts';

const checks: readonly DoctorCheck[] = [
  { area: 'registry', name: 'docker.io', state: 'ok', says: 'answers; anonymous', remedy: null },
  {
    area: 'registry',
    name: 'registry.corp.example:5000',
    state: 'problem',
    says: 'it is \u001b[31mdown',
    remedy: 'start it',
  },
  {
    area: 'storage',
    name: 'ledger',
    state: 'warn',
    says: 'a long text that does not fit into one line of the terminal and goes on below',
    remedy: null,
  },
];

test('columns are aligned, long texts wrapped, remedies beneath, and nothing reaches the terminal as it came', () => {
  const text = formatDoctor({ state: 'problem', checks }, { color: false, width: 80 });
  assert.equal(
    text,
    `Registries
  ok       docker.io                   answers; anonymous
  problem  registry.corp.example:5000  it is \\x1b[31mdown
                                       → start it

Storage
  warn     ledger                      a long text that does not fit into one
                                       line of the terminal and goes on below

1 thing that is needed does not work (1 warning).
`,
  );
});

test('colour changes nothing but colour', () => {
  const plain = formatDoctor({ state: 'problem', checks }, { color: false, width: 80 });
  const colored = formatDoctor({ state: 'problem', checks }, { color: true, width: 80 });
  assert.notEqual(colored, plain);
  assert.equal(colored.replace(/\u001b\[\d+m/g, ''), plain);
});

test('the last line says whether what is needed works', () => {
  const last = (kept: readonly DoctorCheck[]) =>
    formatDoctor({ state: 'ok', checks: kept }, { color: false, width: 80 }).trimEnd().split('\n').at(-1);
  assert.equal(last(checks.slice(0, 1)), 'Everything that is needed works.');
  assert.equal(last([...checks.slice(0, 1), ...checks.slice(2)]), 'Everything that is needed works (1 warning).');
  assert.equal(last([...checks, ...checks]), '2 things that are needed do not work (2 warnings).');
});
