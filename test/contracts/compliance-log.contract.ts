import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Compliance } from '../../src/domain/compliance/compliance.ts';
import type { ComplianceLog } from '../../src/ports/compliance-log.ts';
import { looked, placed, prohibitedPlace, waiver } from '../domain/compliance/looked.ts';

type Subject = {
  readonly name: string;
  /** Opens an empty log that is gone when `use` ends. */
  withLog(use: (log: ComplianceLog) => Promise<void>): Promise<void>;
};

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 25, 8);
const at = (hours: number) => start + hours * hourMs;
const one = looked(placed(1));
const two = looked(placed(1), placed(2, prohibitedPlace));

/** What every log of compliance has to do, whatever it lies in. */
export function complianceLogContract({ name, withLog }: Subject): void {
  const fact = (said: string, run: (log: ComplianceLog) => Promise<void>) =>
    test(`${name}: ${said}`, () => withLog(run));
  /** Each span of `shop` in hours, with the number of its uses. */
  const spans = async (log: ComplianceLog) => {
    const all = await log.listSpans();
    const counts = await log.readCounts(all.map(({ id }) => id));
    return all.map(({ id, firstAt, lastAt }) => [
      (firstAt - start) / hourMs,
      (lastAt - start) / hourMs,
      counts.get(id)?.uses,
    ]);
  };
  const record = (log: ComplianceLog, hours: number, compliance: Compliance) =>
    log.record({ repository: 'shop', at: at(hours), compliance });

  fact('an empty log has nothing', async (log) => {
    assert.deepEqual(
      [await log.listSpans(), await log.readCounts([1]), await log.readPlaces([])],
      [[], new Map(), new Map()],
    );
  });
  fact('a look is there whole, its waivers by their words', async (log) => {
    const { covers: _, ...words } = waiver;
    await record(log, 0, two);
    const [span] = await log.listSpans();
    assert.ok(span !== undefined);
    assert.deepEqual(span, { id: span.id, repository: 'shop', firstAt: at(0), lastAt: at(0), waivers: [words] });
    const { uses, unreadFiles, byCategory, byCriterion, places, unlisted, byRule } = two;
    assert.deepEqual((await log.readCounts([span.id])).get(span.id), { uses, unreadFiles, byCategory, byCriterion });
    assert.deepEqual((await log.readPlaces([span.id])).get(span.id), { places, unlisted, byRule, covers: [0] });
  });
  fact('what tells the same makes its span longer', async (log) => {
    for (const hours of [0, 1, 24, 72]) await record(log, hours, one);
    assert.deepEqual(await spans(log), [[0, 72, 1]]);
  });
  fact('another day that tells otherwise begins another span', async (log) => {
    await record(log, 0, one);
    await record(log, 24, two);
    await record(log, 48, one);
    assert.deepEqual(await spans(log), [
      [0, 0, 1],
      [24, 24, 2],
      [48, 48, 1],
    ]);
  });
  fact('a later look of a day takes the place of the one before', async (log) => {
    await record(log, 0, one);
    await record(log, 3, two);
    assert.deepEqual(await spans(log), [[0, 3, 2]]);
  });
  fact('a later look of a day gives back what that day had told of an older span', async (log) => {
    for (const hours of [0, 24, 48]) await record(log, hours, one);
    await record(log, 51, two);
    assert.deepEqual(await spans(log), [
      [0, 24, 1],
      [51, 51, 2],
    ]);
    await record(log, 52, one);
    assert.deepEqual(await spans(log), [
      [0, 24, 1],
      [51, 52, 1],
    ]);
  });
  fact('what is written twice is there once, and a clock that was behind changes nothing', async (log) => {
    await record(log, 24, two);
    await record(log, 24, two);
    await record(log, 0, one);
    assert.deepEqual(await spans(log), [[24, 24, 2]]);
  });
  fact('each repository has its own, and waivers that hold in all are the same words', async (log) => {
    await log.record({ repository: 'shop', at: at(0), compliance: one });
    await log.record({ repository: 'cart', at: at(1), compliance: two });
    const [cart, shop] = await log.listSpans();
    assert.deepEqual([cart?.repository, shop?.repository], ['cart', 'shop']);
    assert.deepEqual(cart?.waivers, shop?.waivers);
  });
}
