import { knownCases } from './known-cases.ts';
import { pastCases } from './past-cases.ts';
import { runtimeCases } from './runtime-cases.ts';
import type { SelectionCase } from './selection-case.ts';
import { serviceCases } from './service-cases.ts';
import { systemCases } from './system-cases.ts';

/** Every row of version selection, by the heading it has on the scoreboard. */
export const allCases: ReadonlyMap<string, readonly SelectionCase[]> = new Map([
  ['Where the answers of others are known', knownCases],
  ['Languages and what runs them', runtimeCases],
  ['Operating systems', systemCases],
  ['Servers, databases, tools, and what is not known', serviceCases],
  ['On days of the past', pastCases],
]);
