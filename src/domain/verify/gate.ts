import type { GateFacts, ImageFacts } from './gate-facts.ts';
import { type GateReason, hold, note } from './gate-reason.ts';
import { judgeBuild } from './judge-build.ts';
import { judgeScans } from './judge-scans.ts';
import { judgeTests } from './judge-tests.ts';
import type { VerifySettings } from './verify-settings.ts';

export type Decision = 'pass' | 'fail' | 'hold';

export type Gate = {
  readonly decision: Decision;
  /** Of the whole and of each image; what decides comes first. */
  readonly reasons: readonly GateReason[];
};

/**
 * Whether an update is proven: `fail` where it is worse or broken, `hold` where something that would have to be known is not, `pass` only
 * where everything that the policy asks was looked at and is good.
 *
 * A policy without tests can pass, with a note that says so: builds and scans are proof, and merging asks for a check of the repository's
 * own besides.
 */
export function decideGate(facts: GateFacts, settings: VerifySettings): Gate {
  const reasons = [
    ...facts.images.flatMap((image) => judgeImage(image, settings)),
    ...facts.unproven.map(({ name, reason }) => hold('subject', reason, name)),
    ...judgeTests(facts, settings),
    ...(facts.images.length + facts.unproven.length > 0
      ? []
      : [note('subject', 'nothing changed that an image is built on')]),
  ];
  return {
    decision: worst(reasons),
    reasons: reasons.toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome)),
  };
}

/** What the reasons that name this image come to, with those that name none: they are about all. */
export function decisionOf(gate: Gate, image: string): Decision {
  return worst(gate.reasons.filter((reason) => reason.image === undefined || reason.image === image));
}

const order: readonly GateReason['outcome'][] = ['fail', 'hold', 'note'];

function worst(reasons: readonly GateReason[]): Decision {
  const outcomes = new Set(reasons.map(({ outcome }) => outcome));
  return outcomes.has('fail') ? 'fail' : outcomes.has('hold') ? 'hold' : 'pass';
}

function judgeImage(image: ImageFacts, settings: VerifySettings): readonly GateReason[] {
  return [...judgeBuild(image, settings), ...judgeScans(image, settings)];
}
