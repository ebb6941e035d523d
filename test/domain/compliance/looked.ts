import {
  type Compliance,
  complianceOf,
  type HeldWaiver,
  type PlaceFacts,
} from '../../../src/domain/compliance/compliance.ts';

/** A use that keeps everything, but for what is said otherwise. */
export function placed(line: number, own: Partial<PlaceFacts> = {}): PlaceFacts {
  return {
    path: 'Dockerfile',
    line,
    reference: `docker.io/library/debian:${line}-slim`,
    category: 'permitted',
    criteria: { 'official-source': 'pass', 'no-unpatched-critical': 'unknown' },
    rules: { prohibited: 'pass', 'unpatched-critical': 'unknown' },
    breaches: [],
    ...own,
  };
}

export const prohibitedPlace: Partial<PlaceFacts> = {
  category: 'prohibited',
  criteria: { 'official-source': 'fail', 'no-unpatched-critical': 'unknown' },
  rules: { prohibited: 'fail', 'unpatched-critical': 'unknown' },
  breaches: [{ rule: 'prohibited', verdict: 'fail' }],
};

export const waiver: HeldWaiver = {
  id: 'W-1',
  file: 'basekeeper.yaml',
  image: 'docker.io/acme/**',
  of: ['prohibited'],
  owner: 'shop',
  approvedBy: 'security',
  until: '2026-12-31',
  covers: 0,
};

export function looked(...places: readonly PlaceFacts[]): Compliance {
  return complianceOf(places, 0, [waiver]);
}
