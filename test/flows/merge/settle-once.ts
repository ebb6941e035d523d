import { settle } from '../../../src/flows/merge/settle.ts';
import type { SettledRepository } from '../../../src/flows/merge/settle-result.ts';
import { requestOf, type Work, withPorts } from '../update/propose-once.ts';

/** One run, as JSON: so that another process can do it. */
export type SettleWork = Work & {
  /** What every image was when its update was planned, and what it is now. */
  readonly planned: string;
  readonly present: string;
  readonly waitMs: number;
  /** What our own gate says of every head; absent for no gate. */
  readonly gate?: 'pass' | 'fail';
};

/** @param pause what happens while it waits; without it nothing may wait. */
export function settleOnce(
  work: SettleWork,
  pause: (ms: number) => Promise<void> = async () => {
    throw new Error('it waits');
  },
): Promise<Pick<SettledRepository, 'name' | 'rows' | 'failure'> | undefined> {
  return withPorts(work, async ({ forge, branches }) => {
    const { gate } = work;
    let now = work.now;
    const request = await requestOf(work, forge);
    const place = {
      ...{ name: 'shop', forge, branches, request },
      registry: { resolve: async () => ({ digest: work.present, mediaType: '' }) },
      ...(gate === undefined ? {} : { measure: async () => ({ gate: { kind: gate, reasons: ['measured'] } }) }),
      evidenceOf: () => ({ category: 'preferred' as const, digest: work.planned, sizes: [] }),
    };
    const [settled] = await settle([place], {
      clock: () => now,
      async pause(ms) {
        now += ms;
        await pause(ms);
      },
      deadline: work.now + work.waitMs,
      stoppedBy: undefined,
      isDryRun: work.isDryRun,
      isWhole: true,
      textOf: ({ decision }) => ({ comment: `It is ${decision.kind}.`, section: `Found: ${decision.kind}.` }),
    });
    return settled;
  });
}
