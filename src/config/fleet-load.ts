import { resolve } from 'node:path';
import type { Fleet } from '../domain/fleet/fleet.ts';
import { readBounded } from './read-bounded.ts';
import type { FileProblem } from './read-yaml.ts';

export type LoadedFleet =
  | { readonly kind: 'fleet'; readonly fleet: Fleet }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

/** Some ten thousand repositories. */
const maxBytes = 4 * 1024 * 1024;

/** The fleet of a file, or every problem in it. Nothing that it names is opened. */
export async function loadFleet(path: string): Promise<LoadedFleet> {
  const file = resolve(path);
  const read = await readBounded(file, maxBytes);
  if (read.kind !== 'text') {
    const message = read.kind === 'missing' ? 'does not exist' : read.reason;
    return { kind: 'problems', problems: [{ file, line: 0, message }] };
  }
  // zod and yaml take longer to load than everything else: only a run with a fleet file pays for them.
  const [{ readYaml }, { fleetFileSchema, fleetJsonSchema }, { buildFleet }] = await Promise.all([
    import('./read-yaml.ts'),
    import('./fleet-schema.ts'),
    import('./fleet-build.ts'),
  ]);
  const form = { what: 'the fleet file', schema: fleetFileSchema, jsonSchema: fleetJsonSchema };
  const reading = readYaml(read.text, file, form);
  if (reading.kind === 'problems') return reading;
  const { fleet, problems } = buildFleet(reading.file);
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'fleet', fleet };
}
