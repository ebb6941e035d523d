import { writeSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { numbered } from './numbered-observation.ts';

// Records one observation after the other until it is killed, and says on a line of its own what was acknowledged.
const [, , path = '', first = '0'] = argv;
const say = (line: string) => writeSync(stdout.fd, `${line}\n`);

say('opening');
const store = await openStore(path);
const cycle = await store.openCycle('fleet', 1, 1000);
say(`cycle ${cycle.id}`);
for (let number = Number(first); ; number += 1) {
  await store.record(numbered(number));
  say(`recorded ${number}`);
}
