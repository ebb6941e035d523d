import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startFakeRegistry } from './fake-registry.ts';
import { contentSpec, fill } from './fill.ts';

/**
 * The registry as a process of its own: `node test/fakes/registry/main.ts --port 0 --repositories 150 --tags 800 --tokens`,
 * or `--content spec.json`. Prints its address and serves until it is ended. On its input, a line each: `counts` prints the
 * requests by kind as JSON and begins to count anew; `move REPOSITORY TAG` builds a tag anew and prints its digest.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    content: { type: 'string' },
    repositories: { type: 'string' },
    tags: { type: 'string', default: '100' },
    tokens: { type: 'boolean', default: false },
  },
});

const registry = await startFakeRegistry({
  port: Number(values.port),
  access: { kind: values.tokens ? 'token' : 'open' },
});
const { content, log } = registry;
if (values.content !== undefined) fill(content, contentSpec.parse(JSON.parse(readFileSync(values.content, 'utf8'))));
if (values.repositories !== undefined)
  fill(
    content,
    contentSpec.parse({ generate: { repositories: Number(values.repositories), tags: Number(values.tags) } }),
  );
print(registry.origin);

const orders = createInterface(process.stdin);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    // Its end is no end of ours: it may have been /dev/null.
    orders.close();
    process.stdin.destroy();
    void registry.close();
  });

let moves = 0;
orders.on('line', (line) => {
  const [order, repository = '', tag = ''] = line.split(' ');
  if (order === 'counts') {
    print(JSON.stringify(log.counts()));
    log.clear();
  }
  if (order === 'move') {
    moves += 1;
    const platforms = ['linux/amd64', 'linux/arm64/v8'];
    print(content.push({ repository, tag, platforms, build: `move ${moves}` }).digest);
  }
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
