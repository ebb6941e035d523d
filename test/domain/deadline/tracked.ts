import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { Episode, EpisodeEvent } from '../../../src/domain/deadline/episode.ts';
import { type TrackRequest, trackFindings } from '../../../src/domain/deadline/track-findings.ts';
import type {
  TrackedRelease,
  TrackedUse,
  TrackedWaiver,
  UseProposal,
} from '../../../src/domain/deadline/tracked-use.ts';
import type { ScanFacts } from '../../../src/domain/policy/scan-facts.ts';
import type { Finding } from '../../../src/domain/vulnerability/scan.ts';
import { at, episodeOf } from './lived.ts';

export const { id, sourcePackage, ...place } = episodeOf().subject;
const [vulnerable, patched] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];

/** CVE-2026-0001 in openssl. */
export function finding(changed: Partial<Finding> = {}): Finding {
  return {
    id,
    sourcePackage,
    packages: ['libssl3'],
    installedVersion: '3.0.16-1',
    severity: 'high',
    severities: {},
    status: 'affected',
    ...changed,
  };
}

export const fixed: Partial<Finding> = { fixedVersion: '3.0.17-1', status: 'fixed' };

type Scanned = Extract<ScanFacts, { readonly kind: 'scanned' }>;

export function scanWith(findings: readonly Finding[], changed: Partial<Scanned> = {}): ScanFacts {
  return {
    kind: 'scanned',
    digest: findings.length > 0 ? vulnerable : patched,
    platform: 'linux/amd64',
    how: 'scanned',
    scanner: 'trivy 0.68.2',
    databaseAt: '2026-03-01T00:00:00Z',
    isEndOfLife: false,
    findings,
    suppressed: [],
    ...changed,
  };
}

export function waiverOf(
  rules: string | readonly string[],
  until: string,
  changed: Partial<TrackedWaiver> = {},
): TrackedWaiver {
  const own = { id: 'W-1', rules: [rules].flat(), until: at(until), approvedBy: 'sec' };
  return { ...own, severities: ['critical', 'high', 'medium', 'low'], ...changed };
}

export const clean = scanWith([]);

export function useOf(scan: ScanFacts, changed: Partial<TrackedUse> = {}): TrackedUse {
  return { place, scan, waivers: [], ...changed };
}

/** Pull request 7, which makes it another image. */
export function proposalOf(
  scan: ScanFacts,
  changed: Partial<Extract<UseProposal, { readonly kind: 'open' }>> = {},
): UseProposal {
  const [id, reference] = ['7', 'docker.io/library/debian:12-slim'];
  return { kind: 'open', id, url: proposalUrl, openedAt: at('0d'), reference, scan, ...changed };
}

export const proposalUrl = 'https://git.example/acme/shop/pull/7';

export function releaseAt(when: string, name: string, scan: ScanFacts | undefined): TrackedRelease {
  const uses = scan === undefined ? [] : [{ place, scan }];
  return { name, kind: 'patch', publishedAt: at(when), uses };
}

/** What one look tells. */
export function look(when: string, request: Partial<TrackRequest>): ReturnType<typeof trackFindings> {
  return trackFindings({
    episodes: [],
    uses: [],
    isWhole: true,
    releases: [],
    releasedImages: [],
    exploited: { source: '', listedAt: new Map() },
    mergedAt: new Map(),
    settings: defaultDeadlineSettings,
    now: at(when),
    ...request,
  });
}

export type Look = readonly [when: string, request: Partial<TrackRequest>];

/** The newest episode after one look after the other. */
export function afterLooks(...looks: readonly Look[]): Episode {
  let episode: Episode | undefined;
  for (const [when, request] of looks) {
    const { events } = look(when, { ...request, episodes: episode === undefined ? [] : [episode] });
    for (const { subject, number, event } of events) {
      const before: readonly EpisodeEvent[] = episode?.number === number ? episode.events : [];
      episode = { subject, number, events: [...before, event] };
    }
  }
  if (episode === undefined) throw new Error('no look told of anything');
  return episode;
}

/** `1d 2h kind`, in the order recorded. */
export function storyOf({ events }: Episode): readonly string[] {
  return events.map((event) => `${whenOf(event.at)} ${event.what.kind}`);
}

function whenOf(instant: number): string {
  const hours = (instant - at('0d')) / 3_600_000;
  return hours % 24 === 0 ? `${hours / 24}d` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
