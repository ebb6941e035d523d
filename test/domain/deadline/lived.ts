import type { Episode, EpisodeEvent, EpisodeEventKind } from '../../../src/domain/deadline/episode.ts';
import type { Severity } from '../../../src/domain/vulnerability/severity.ts';

const start = Date.parse('2026-03-01T00:00:00Z');
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** `2d 3h` after the first of March 2026, in UTC. */
export function at(text: string): number {
  const [, days = '0', hours = '0'] = /^(?:(\d+)d)? ?(?:(\d+)h)?$/.exec(text) ?? [];
  return start + Number(days) * dayMs + Number(hours) * hourMs;
}

export const digest = `sha256:${'a'.repeat(64)}`;

export function detected(when: string, severity: Severity): EpisodeEvent {
  return { at: at(when), what: { kind: 'detected', digest, severity, scanner: 'trivy 0.68.2' } };
}

export function fixAvailable(when: string): EpisodeEvent {
  return { at: at(when), what: { kind: 'fix-available', fixedVersion: '3.0.17-1', source: 'scan' } };
}

export function baseAvailable(when: string): EpisodeEvent {
  return { at: at(when), what: { kind: 'base-available', reference: 'docker.io/library/debian:12-slim', digest } };
}

export function event(when: string, what: EpisodeEventKind): EpisodeEvent {
  return { at: at(when), what };
}

export function waived(when: string, until: string): EpisodeEvent {
  return event(when, { kind: 'waived', waiver: 'W-1', until: at(until), by: 'sec-lead' });
}

export function closed(when: string): EpisodeEvent {
  const frozen = {
    policyVersion: '1',
    severity: 'high',
    startAt: null,
    dueAt: null,
    isInTime: null,
    runningMs: 0,
    pausedMs: 0,
    missedReleases: [],
  } as const;
  return event(when, { kind: 'closed', because: 'released', frozen });
}

export function episodeOf(...events: readonly EpisodeEvent[]): Episode {
  const subject = {
    repository: 'https://git.example/acme/shop',
    path: 'Dockerfile',
    stage: '1',
    platform: 'linux/amd64',
    image: 'docker.io/library/debian',
    id: 'CVE-2026-0001',
    sourcePackage: 'openssl',
  };
  return { subject, number: 1, events };
}
