import { parsePlatform } from '../domain/image/platform.ts';
import { repositoryName } from '../domain/image/reference.ts';
import { isApprovedByOther } from '../domain/policy/approval/approver.ts';
import { type CountedWaiver, countWaiver } from '../domain/policy/exceptions.ts';
import { lastWaiverDay, ratedAs, waivesDeadline } from '../domain/policy/finding-waiver.ts';
import type { ScanFacts } from '../domain/policy/scan-facts.ts';
import type { Waiver } from '../domain/policy/waiver.ts';
import { formatInstant, type Instant } from '../domain/source/instant.ts';
import type { Finding } from '../domain/vulnerability/scan.ts';
import type { OwnStatement, VexImage } from '../domain/vulnerability/suppress/format-open-vex.ts';
import { isMeantImage, type ScannedContent } from '../domain/vulnerability/suppress/meant-image.ts';
import type { Statement } from '../domain/vulnerability/suppress/statement.ts';
import { saidOf } from '../domain/vulnerability/suppress/suppress.ts';
import type { CollectedUse } from './monitor/collect-uses.ts';
import type { ReadTree } from './track/track-request.ts';

type Tree = Pick<ReadTree, 'suppressions' | 'uses'> & { readonly policy: Omit<ReadTree['policy'], 'approvalProof'> };
type Judging = Tree & { readonly waivers: readonly CountedWaiver[] };
type Scanned = Extract<ScanFacts, { readonly kind: 'scanned' }>;

/** `open`: nobody judged it there. */
type Judged = OwnStatement | (Pick<OwnStatement, 'vulnerability' | 'image'> & { readonly status: 'open' });

export type VexExport = {
  readonly statements: readonly OwnStatement[];
  /** What is not affected by one repository's words and not by another's, in sentences: the content is the same for both. */
  readonly disputed: readonly string[];
};

/**
 * What repositories judged of the findings in their images, for others to read: what their VEX documents say of scanned contents, and what is
 * waived. A waiver is no "not affected": the risk is there, and accepted for a while. Of `fixed` is passed on only what the scan confirms; what an
 * ignore file hides is no judgement. A content is not affected only if all who use it say so.
 */
export function exportVex(
  trees: readonly Tree[],
  scanOf: (use: CollectedUse) => ScanFacts | undefined,
  now: Instant,
): VexExport {
  const today = formatInstant(now).slice(0, 10);
  const scanned = trees.flatMap((one) => {
    const tree: Judging = { ...one, waivers: one.policy.waivers.map(countWaiver) };
    return tree.uses.flatMap((use) => {
      const scan = scanOf(use);
      return scan?.kind === 'scanned' ? [{ tree, use, scan }] : [];
    });
  });
  const said = scanned.flatMap(({ tree, use, scan }) => judged(tree, use, scan, today));
  const contents = Map.groupBy(
    said,
    ({ vulnerability, image }) => `${vulnerability} in ${image.repository}@${image.digest}`,
  );
  const settled = [...contents].map(([name, same]) => ({ name, same, isDisputed: isDisputed(same) }));
  return {
    statements: [
      ...settled.flatMap(({ same, isDisputed: isOpen }) =>
        same.filter((one) => one.status !== 'open').filter(({ status }) => !isOpen || status !== 'not_affected'),
      ),
      ...scanned.flatMap(({ tree, use, scan }) => fixed(tree, use, scan)),
    ],
    disputed: settled
      .filter((one) => one.isDisputed)
      .map(({ name }) => `${name}: not every repository that uses it says that it is not affected`),
  };
}

function isDisputed(same: readonly Judged[]): boolean {
  const denied = same.filter(({ status }) => status === 'not_affected').length;
  return denied > 0 && denied < same.length;
}

function judged(tree: Judging, use: CollectedUse, scan: Scanned, today: string): readonly Judged[] {
  const image = imageOf(use, scan);
  const about = { ...contentOf(use, scan), today };
  return scan.findings.map((finding): Judged => {
    const { id: vulnerability, purls: packages = [] } = finding;
    const said = saidOf(finding, tree.suppressions.statements, about);
    const of = { vulnerability, image, packages };
    if (said?.status === 'not_affected') return { ...of, ...wordsOf(said), status: 'not_affected' };
    const waiver = tree.waivers.find((one) => isInForce(one, finding, use, tree, today))?.waiver;
    if (waiver !== undefined) return { ...of, status: 'affected', words: accepted(waiver, finding) };
    if (said?.status === 'under_investigation') return { ...of, ...wordsOf(said), status: 'under_investigation' };
    if (said?.status !== 'affected') return { vulnerability, image, status: 'open' };
    const { words, ...stated } = wordsOf(said);
    return { ...of, ...stated, status: 'affected', words: { action: remedy(finding), ...words } };
  });
}

/** Of the image alone: a scan that lacks a finding does not say of which package. */
function fixed({ suppressions }: Tree, use: CollectedUse, scan: Scanned): readonly OwnStatement[] {
  if (scan.isEndOfLife) return [];
  const found = new Set([...scan.findings, ...scan.suppressed].map(({ id }) => id));
  const content = contentOf(use, scan);
  return suppressions.statements.flatMap((said): readonly OwnStatement[] => {
    const [vulnerability] = said.ids;
    if (said.status !== 'fixed' || vulnerability === undefined || said.ids.some((id) => found.has(id))) return [];
    const isMeant = said.targets?.some(({ image }) => image !== undefined && isMeantImage(image, content)) ?? false;
    if (!isMeant) return [];
    return [{ vulnerability, image: imageOf(use, scan), packages: [], ...wordsOf(said), status: 'fixed' }];
  });
}

function isInForce(
  counted: CountedWaiver,
  finding: Finding,
  use: CollectedUse,
  { policy }: Tree,
  today: string,
): boolean {
  const { waiver, matchesPath } = counted;
  const { image, expires } = waiver;
  if (!isApprovedByOther(waiver) || expires < today || !image.matches(use.reference)) return false;
  if (!matchesPath(use.use.path)) return false;
  const severity = ratedAs(finding.severity, policy.deadlines.unknownAs);
  if (expires > lastWaiverDay(severity, policy.waiverDays, today)) return false;
  return waivesDeadline(waiver, { ...finding, isPatchable: finding.fixedVersion !== undefined });
}

function accepted({ id, owner, approvedBy = '', reason, expires }: Waiver, finding: Finding): OwnStatement['words'] {
  const notes = `waiver ${id}: ${reason} (asked for by ${owner}, approved by ${approvedBy})`;
  return { notes, action: `The risk is accepted until ${expires}. ${remedy(finding)}` };
}

function remedy({ sourcePackage, fixedVersion }: Finding): string {
  if (fixedVersion === undefined) return `No version of ${sourcePackage} without it is known.`;
  return `Update ${sourcePackage} to ${fixedVersion}, or to an image that has it.`;
}

function wordsOf({ words = {}, statedAt }: Statement): Pick<OwnStatement, 'words' | 'statedAt'> {
  return { words, ...(statedAt === undefined ? {} : { statedAt }) };
}

function imageOf({ reference }: CollectedUse, { digest, namedDigest, platform }: Scanned): VexImage {
  const index = namedDigest === undefined || namedDigest === digest ? {} : { indexDigest: namedDigest };
  return { repository: repositoryName(reference), digest, platform, ...index };
}

function contentOf({ reference }: CollectedUse, { digest, namedDigest, platform }: Scanned): ScannedContent {
  const architecture = parsePlatform(platform)?.architecture;
  return {
    ...{ imageDigest: digest, repository: repositoryName(reference) },
    ...(namedDigest === undefined ? {} : { indexDigest: namedDigest }),
    ...(architecture === undefined ? {} : { architecture }),
  };
}
