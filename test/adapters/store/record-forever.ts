import { writeSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { openLedger } from '../../../src/adapters/store/open-store.ts';
import { StoreError } from '../../../src/ports/store.ts';
import { numberedEpisode } from './numbered-episode.ts';
import { numberedLook } from './numbered-look.ts';
import { numbered } from './numbered-observation.ts';

// Records one observation after the other until it is killed or refused, and says on a line of its own what was acknowledged.
const [, , path = '', first = '0'] = argv;
const say = (line: string) => writeSync(stdout.fd, `${line}\n`);

say('opening');
const { store, episodes, compliance } = await openLedger(path);
const cycle = await store.openCycle('fleet', 1, 1000);
say(`cycle ${cycle.id}`);
try {
  for (let number = Number(first); ; number += 1) {
    await episodes.append(numberedEpisode(number));
    await compliance.record(numberedLook(number));
    await store.record(numbered(number));
    say(`recorded ${number}`);
  }
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  say(`refused ${error.code}: ${error.message}`);
}
