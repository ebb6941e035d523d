import type { RatedSeverity } from '../deadline/deadline-settings.ts';
import { canonicalReference, type Reference } from '../image/reference.ts';
import type { Finding } from '../vulnerability/scan.ts';
import { type AppliedWaiver, appliedWaiver, type CountedWaiver } from './exceptions.ts';
import { isNamed, lastWaiverDay, ratedAs, type WaiverDays, waivesVerdict } from './finding-waiver.ts';
import type { ScanFacts } from './scan-facts.ts';

type Scanned = Extract<ScanFacts, { readonly kind: 'scanned' }>;

export type WaivedFinding = { readonly finding: Finding; readonly by: AppliedWaiver };

/** A finding that a waiver names, where it was met. */
export type MetFinding = {
  readonly id: string;
  readonly sourcePackage: string;
  readonly severity: RatedSeverity;
  /** Canonical. */
  readonly image: string;
  /** `too-long`: it reaches further ahead than the severity allows, and does not count. */
  readonly effect: 'waived' | 'deadline-only' | 'too-long';
};

export type WaivingPlace = { readonly path: string; readonly reference: Reference };

export type WaivingTerms = {
  readonly waiverDays: WaiverDays;
  readonly unknownAs: RatedSeverity;
  /** ISO date of the run. */
  readonly today: string;
};

/**
 * Takes out of a scan what waivers name, for one use. What has expired, or reaches too far ahead for the severity, takes nothing out.
 *
 * Adds no finding; those left and those waived are all there were. What each waiver met is remembered in it.
 */
export function waiveFindings(
  scan: ScanFacts,
  waivers: readonly CountedWaiver[],
  { path, reference }: WaivingPlace,
  terms: WaivingTerms,
): ScanFacts {
  if (scan.kind !== 'scanned') return scan;
  const here = waivers.filter(
    ({ waiver, matchesPath }) => waiver.findings !== undefined && matchesPath(path) && waiver.image.matches(reference),
  );
  if (here.length === 0) return scan;
  const image = canonicalReference(reference);
  const split = scan.findings.map((finding) => ({ finding, by: firstWaiver(finding, here, image, terms) }));
  return { ...scan, ...parts(split) };
}

function parts(
  split: readonly { readonly finding: Finding; readonly by: AppliedWaiver | undefined }[],
): Pick<Scanned, 'findings' | 'waived'> {
  return {
    findings: split.flatMap(({ finding, by }) => (by === undefined ? [finding] : [])),
    waived: split.flatMap(({ finding, by }) => (by === undefined ? [] : [{ finding, by }])),
  };
}

/** Every waiver that names it is met; the first that counts waives it. */
function firstWaiver(
  finding: Finding,
  waivers: readonly CountedWaiver[],
  image: string,
  { waiverDays, unknownAs, today }: WaivingTerms,
): AppliedWaiver | undefined {
  const { id, sourcePackage, fixedVersion } = finding;
  const severity = ratedAs(finding.severity, unknownAs);
  const about = { ...finding, isPatchable: fixedVersion !== undefined };
  const latest = lastWaiverDay(severity, waiverDays, today);
  let first: AppliedWaiver | undefined;
  for (const counted of waivers) {
    const { waiver } = counted;
    if (!isNamed(waiver, about)) continue;
    const ofVerdict = waivesVerdict(waiver, about) ? 'waived' : 'deadline-only';
    const effect = waiver.expires > latest ? 'too-long' : ofVerdict;
    counted.uses += 1;
    counted.met.set(`${image} ${id} ${sourcePackage}`, { id, sourcePackage, severity, image, effect });
    if (effect !== 'waived' || waiver.expires < today) continue;
    first ??= appliedWaiver(waiver);
  }
  return first;
}
