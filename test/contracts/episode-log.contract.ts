import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuditedEvent, type AuditHead, auditStart, nextAudited } from '../../src/domain/audit/audit-chain.ts';
import { closedEpisode } from '../../src/domain/deadline/closed-episode.ts';
import type { Episode, RecordedEvent } from '../../src/domain/deadline/episode.ts';
import type { EpisodeAudit, EpisodeLog } from '../../src/ports/episode-log.ts';
import { sha256 } from '../domain/audit/chained.ts';
import { at, closed, detected, digest, episodeOf, event, fixAvailable, waived } from '../domain/deadline/lived.ts';

type Subject = {
  readonly name: string;
  /** Opens an empty log that is gone when `use` ends. */
  withLog(use: (log: EpisodeLog & EpisodeAudit) => Promise<void>): Promise<void>;
};

/** What every log of episodes has to do, whatever it lies in. */
export function episodeLogContract({ name, withLog }: Subject): void {
  const fact = (said: string, run: (log: EpisodeLog & EpisodeAudit) => Promise<void>) =>
    test(`${name}: ${said}`, () => withLog(run));
  const open = episodeOf(detected('0d', 'high'), fixAvailable('1d'));
  const over = elsewhere(episodeOf(detected('0d', 'critical'), fixAvailable('0d'), closed('2d')), 'b/Dockerfile');

  fact('an empty log has nothing', async (log) => {
    assert.deepEqual(await log.list(0), { open: [], closed: [] });
    assert.deepEqual(await log.ofRepository(open.subject.repository), []);
    await log.append([]);
  });
  fact('events are there in the order they were written in, also when they happened in another', async (log) => {
    const events = [detected('3d', 'low'), fixAvailable('1d'), waived('2d', '9d')];
    await log.append(recorded(episodeOf(...events)));
    assert.deepEqual((await log.list(0)).open, [episodeOf(...events)]);
  });
  fact('what is written twice is there once, in one call and in two', async (log) => {
    await log.append([...recorded(open), ...recorded(open)]);
    await log.append(recorded(open));
    assert.deepEqual((await log.list(0)).open, [open]);
  });
  fact('the first word stays where an event is told again in other words', async (log) => {
    await log.append(recorded(episodeOf(detected('0d', 'high'))));
    await log.append(recorded(episodeOf(detected('5d', 'low'))));
    assert.deepEqual((await log.list(0)).open, [episodeOf(detected('0d', 'high'))]);
  });
  fact('a closed episode is told by its frozen numbers, since it ended', async (log) => {
    await log.append([...recorded(open), ...recorded(over)]);
    const expected = { open: [open], closed: [closedEpisode(over)] };
    assert.deepEqual(await log.list(0), expected);
    assert.deepEqual(await log.list(at('2d')), expected, 'of that very instant');
    assert.deepEqual(await log.list(at('2d') + 1), { open: [open], closed: [] });
    assert.deepEqual(await log.ofRepository(open.subject.repository), [open, over]);
  });
  fact('one that is back is open again', async (log) => {
    const back = event('3d', { kind: 'reopened', digest });
    await log.append(recorded(over));
    await log.append([{ subject: over.subject, number: 1, event: back }]);
    assert.deepEqual(await log.list(0), { open: [{ ...over, events: [...over.events, back] }], closed: [] });
  });
  fact('of two episodes of one subject the repository has the newer one', async (log) => {
    const second = { ...over, number: 2, events: [detected('40d', 'high')] };
    await log.append([...recorded(over), ...recorded(second)]);
    assert.deepEqual(await log.ofRepository(over.subject.repository), [second]);
    const { open: openOnes, closed: closedOnes } = await log.list(0);
    assert.deepEqual([openOnes, closedOnes.map(({ number }) => number)], [[second], [1]]);
  });
  fact('repositories are told apart, and texts are kept to the letter', async (log) => {
    const odd = { ...open, subject: { ...open.subject, repository: "a 'b' %/ü", stage: '' } };
    await log.append([...recorded(open), ...recorded(odd)]);
    assert.deepEqual(await log.ofRepository(odd.subject.repository), [odd]);
    assert.deepEqual(await log.ofRepository(open.subject.repository), [open]);
  });
  fact('an empty log is at the start of its chain', async (log) => {
    assert.deepEqual([await log.auditHead(), await everything(log)], [auditStart, []]);
    assert.deepEqual(await everything(log, 0), []);
  });
  fact(
    'all events are tied to each other in the order they were recorded in, across episodes and calls',
    async (log) => {
      const [first, ...others] = recorded(open);
      const later = [...recorded(over), ...others];
      await log.append(first === undefined ? [] : [first]);
      const before = await everything(log);
      assert.equal(before.length, 1);
      await log.append([...later, ...later]);
      const events = await everything(log);
      assert.deepEqual(events.slice(0, 1), before);
      assert.deepEqual(
        events.map((event) => event.recorded),
        [first, ...later],
      );
      let head: AuditHead = auditStart;
      for (const event of events) {
        assert.deepEqual(event, nextAudited(head, event.recorded, sha256));
        head = event;
      }
      const { sequence, hash } = events.at(-1) ?? auditStart;
      assert.deepEqual(await log.auditHead(), { sequence, hash });
    },
  );
  fact('since an instant: the first event that happened then, and all that was recorded after it', async (log) => {
    await log.append([...recorded(open), ...recorded(over)]);
    const all = await everything(log);
    assert.deepEqual(await everything(log, at('1d')), all.slice(1));
    assert.deepEqual(await everything(log, at('2d') + 1), []);
  });
}

async function everything(log: EpisodeAudit, since?: number): Promise<readonly AuditedEvent[]> {
  const events: AuditedEvent[] = [];
  for await (const some of log.recorded(since)) events.push(...some);
  return events;
}

function elsewhere(episode: Episode, path: string): Episode {
  return { ...episode, subject: { ...episode.subject, path } };
}

export function recorded({ subject, number, events }: Episode): readonly RecordedEvent[] {
  return events.map((one) => ({ subject, number, event: one }));
}
