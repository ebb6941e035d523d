/** Why the gate decides as it does. `note`: to be known, and decides nothing. */
export type GateReason = {
  readonly outcome: 'fail' | 'hold' | 'note';
  readonly check: GateCheck;
  /** Absent where it is about the whole. */
  readonly image?: string;
  /** One clause. */
  readonly text: string;
};

export type GateCheck =
  | 'subject'
  | 'build'
  | 'multi-stage'
  | 'platforms'
  | 'size'
  | 'scan'
  | 'critical'
  | 'no-worse'
  | 'tests';

export function fail(check: GateCheck, text: string, image?: string): GateReason {
  return reason('fail', check, text, image);
}

export function hold(check: GateCheck, text: string, image?: string): GateReason {
  return reason('hold', check, text, image);
}

export function note(check: GateCheck, text: string, image?: string): GateReason {
  return reason('note', check, text, image);
}

function reason(outcome: GateReason['outcome'], check: GateCheck, text: string, image?: string): GateReason {
  return { outcome, check, text, ...(image === undefined ? {} : { image }) };
}
