import type { Decision } from '../../domain/verify/gate.ts';
import type { TestOutcome } from '../../domain/verify/gate-facts.ts';
import type { Severity } from '../../domain/vulnerability/severity.ts';
import type { VerifiedImage, VerifiedSide, VerifiedTest } from '../../flows/verify/verify-result.ts';
import { familiar } from '../familiar.ts';
import { megabytes } from '../megabytes.ts';
import { short } from '../visible.ts';

export const decisionWords: Readonly<Record<Decision, string>> = {
  pass: 'the update is proven',
  fail: 'the update makes something worse',
  hold: 'the update is not proven; somebody has to look',
};

/** Fixed, remaining with a fix, remaining without, added. */
export function severityCounts(
  { fixed, remaining, added }: NonNullable<VerifiedImage['findings']>,
  severity: Severity,
): readonly number[] {
  return [fixed, remaining.patchable, remaining.unfixed, added].map(
    (list) => list.filter((finding) => finding.severity === severity).length,
  );
}

/** What of the bases is another: `node:22 → node:24`. */
export function basesText(before: VerifiedSide, after: VerifiedSide): string {
  const old = before.bases.map(({ reference }) => reference);
  const now = after.bases.map(({ reference }) => reference);
  const [gone, come] = [old.filter((one) => !now.includes(one)), now.filter((one) => !old.includes(one))];
  const list = (references: readonly string[]) =>
    references.length === 0 ? 'nothing' : references.map(familiar).join(', ');
  return gone.length === 0 && come.length === 0 ? list(now) : `${list(gone)} → ${list(come)}`;
}

export function sideText({ build, scan }: VerifiedSide): string {
  const built = build.kind === 'built' ? megabytes(build.sizeBytes) : `not built: ${short(build.message, 200)}`;
  return build.kind === 'built' ? `${built}, ${scanText(scan)}` : built;
}

function scanText(scan: VerifiedSide['scan']): string {
  if (scan.kind !== 'scanned') return `not scanned: ${short(scan.message, 200)}`;
  const { system, findings, worth } = scan;
  const name = system === null ? 'no known system' : `${short(system.family, 40)} ${short(system.release, 40)}`;
  const doubt = { ok: '', 'end-of-life': ', past its end of life', unscannable: ', not to be scanned' }[worth];
  return `${name}${doubt}, ${findings} ${findings === 1 ? 'finding' : 'findings'}`;
}

export function testWords({ after, before, isReused }: VerifiedTest): string {
  const now = outcomeWords(after);
  if (isReused) return `${now}, in an earlier run`;
  return before === undefined ? now : `${now}; before the update ${outcomeWords(before)}`;
}

function outcomeWords(outcome: TestOutcome): string {
  switch (outcome.kind) {
    case 'green':
    case 'flaky':
    case 'red':
      return outcome.kind;
    case 'late':
      return 'ended because it took too long';
    case 'unknown':
      return `not run: ${short(outcome.message, 200)}`;
  }
}
