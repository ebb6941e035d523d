import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startFakeRegistry } from './fake-registry.ts';
import { contentSpec, fill } from './fill.ts';

/**
 * The registry as a process of its own: `node test/fakes/registry/main.ts --port 0 --repositories 150 --tags 800`, or
 * `--content spec.json`. Prints its address and serves until it is ended.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    content: { type: 'string' },
    repositories: { type: 'string' },
    tags: { type: 'string', default: '100' },
  },
});

const registry = await startFakeRegistry({ port: Number(values.port) });
if (values.content !== undefined)
  fill(registry.content, contentSpec.parse(JSON.parse(readFileSync(values.content, 'utf8'))));
if (values.repositories !== undefined)
  fill(
    registry.content,
    contentSpec.parse({ generate: { repositories: Number(values.repositories), tags: Number(values.tags) } }),
  );
process.stdout.write(`${registry.origin}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void registry.close());
