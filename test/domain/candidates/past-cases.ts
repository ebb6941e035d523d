import { rowsOn, type SelectionCase } from './selection-case.ts';

/** Found by replaying history (bench/replay): what was answered wrongly on that day. */
export const pastCases: readonly SelectionCase[] = rowsOn('2023-12-19', [
  ['mysql:8.0.34', '8.0.35 8.2.0 8.3.0', 'patch=8.0.35!', 'between two LTS lines each release ends with the next'],
  ['haproxy:2.9-dev', '2.9-dev1 2.9-dev2', '', 'the name goes along with its prereleases'],
]);
