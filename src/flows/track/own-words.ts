import { canonicalReference, type Reference } from '../../domain/image/reference.ts';
import { type WaiverApproval, waiverKey } from '../../domain/policy/approval/waiver-approval.ts';
import { type CountedWaiver, countWaiver } from '../../domain/policy/exceptions.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { waiveFindings } from '../../domain/policy/waive-findings.ts';
import type { Waiver } from '../../domain/policy/waiver.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { SuppressedFinding } from '../../domain/vulnerability/scan.ts';
import { unprovenFindings } from '../approvals/unproven-findings.ts';
import type { PolicyFinding } from '../check-result.ts';
import type { CollectedUse } from '../monitor/collect-uses.ts';
import { longWaiverFindings, waiverFindings } from '../policy-findings.ts';
import { type AppliedFindingWaiver, appliedWaivers } from '../scan/applied-waivers.ts';
import { statementFindings } from '../scan/statement-findings.ts';
import { startTakingOut, type TakingOut } from '../scan/take-out.ts';
import type { ReadTree } from './track-request.ts';

/** What repositories say of findings in their own words, and what became of it in a cycle. */
export type OwnWords = {
  /** What VEX documents say is not affected. */
  readonly notAffected: readonly (SuppressedFinding & { readonly repository: string; readonly image: string })[];
  /** What waivers of single findings hold for. */
  readonly waivers: readonly AppliedFindingWaiver[];
  /** Whether their approvers approved of them: of waivers in force that name one, where that is asked for. */
  readonly approvals: readonly WaiverApproval[];
  /** Waivers that expired, reach too far ahead, cover nothing or are not proven; each once, however many repositories it holds in. */
  readonly waiverFindings: readonly PolicyFinding[];
  /** VEX documents that cannot be read, and statements that expired or take nothing out. */
  readonly vexFindings: readonly (PolicyFinding & { readonly repository: string })[];
};

/** `without`: what was said of an image that the tree does not use now, its releases', without the same. */
export type AppliedWords = {
  readonly facts: ReadonlyMap<CollectedUse, ScanFacts>;
  readonly without: (scan: ScanFacts, reference: Reference) => ScanFacts;
};

type Spoken = { readonly repository: string; readonly told: () => readonly PolicyFinding[] };

type Entry = { readonly counted: CountedWaiver; readonly terms: Pick<ReadTree['policy'], 'waiverDays'> };

/** Applies the words of one repository after the other, and remembers what they met. */
export class OwnWordsLedger {
  readonly #today: string;
  readonly #waivers = new Map<string, Entry>();
  readonly #notAffected: OwnWords['notAffected'][number][] = [];
  readonly #approvals = new Map<string, WaiverApproval>();
  readonly #uncounted: WaiverApproval[] = [];
  readonly #spoken: Spoken[] = [];
  #isWhole = true;

  constructor(now: Instant) {
    this.#today = formatInstant(now).slice(0, 10);
  }

  /**
   * What was said of the images of a tree, without what its VEX documents take out. Ignore files take nothing out of what has a
   * deadline, and waivers stop its clock alone: of both the findings stay.
   */
  apply(tree: ReadTree, scanOf: (use: CollectedUse) => ScanFacts): AppliedWords {
    const { repository, isWhole, suppressions, uses } = tree;
    const statements = suppressions.statements.filter(({ status }) => status !== 'ignored');
    const { takeOut, images } = startTakingOut(statements, this.#today);
    const facts = new Map(uses.map((use) => [use, taken(scanOf(use), use.reference, takeOut)] as const));
    const isScanned = isWhole && [...facts.values()].every(({ kind }) => kind === 'scanned');
    if (!isScanned) this.#isWhole = false;
    const run = { today: this.#today, isPartial: !isScanned };
    // What is released may be what a statement is about: told at the end.
    this.#spoken.push({
      repository,
      told: () => [...suppressions.findings, ...statementFindings(statements, images, run)],
    });
    for (const [use, scan] of facts) {
      this.#meet(tree, use, scan);
      if (scan.kind !== 'scanned') continue;
      const image = canonicalReference(use.reference);
      const own = scan.suppressed.filter(({ status }) => status === 'not_affected');
      this.#notAffected.push(...own.map((one) => ({ ...one, repository, image })));
    }
    return { facts, without: (scan, reference) => taken(scan, reference, takeOut) };
  }

  /** @param all of the waivers of a tree. @param uncounted those that do not count in it. */
  approve(all: readonly WaiverApproval[], uncounted: readonly WaiverApproval[]): void {
    for (const approval of all) this.#approvals.set(waiverKey(approval), approval);
    this.#uncounted.push(...uncounted);
  }

  told(): OwnWords {
    const entries = [...this.#waivers.values()];
    const run = { isPartial: false, unasked: new Set<string>(), isScanWhole: this.#isWhole };
    const all = entries.map(({ counted }) => counted);
    return {
      notAffected: [...new Map(this.#notAffected.map((one) => [JSON.stringify(one), one])).values()],
      waivers: appliedWaivers(all, this.#today),
      approvals: [...this.#approvals.values()],
      waiverFindings: [
        ...unprovenFindings([...this.#approvals.values()], this.#uncounted),
        ...waiverFindings(all, this.#today, run),
        ...entries.flatMap(({ counted, terms }) => longWaiverFindings([counted], terms.waiverDays, this.#today)),
      ],
      vexFindings: this.#spoken.flatMap(({ repository, told }) =>
        told().map((finding) => ({ repository, ...finding })),
      ),
    };
  }

  #meet({ policy }: ReadTree, { use, reference }: CollectedUse, scan: ScanFacts): void {
    const named = policy.waivers.filter(({ findings }) => findings !== undefined);
    const entries = named.map((waiver) => this.#entryOf(waiver, policy));
    waiveFindings(
      scan,
      entries.map(({ counted }) => counted),
      { path: use.path, reference },
      { waiverDays: policy.waiverDays, unknownAs: policy.deadlines.unknownAs, today: this.#today },
    );
  }

  /** One for all repositories that take it over from their organisation. */
  #entryOf(waiver: Waiver, terms: Entry['terms']): Entry {
    const key = JSON.stringify([waiver.file, waiver.line, waiver.id]);
    const known = this.#waivers.get(key);
    if (known !== undefined) return known;
    const entry = { counted: countWaiver(waiver), terms };
    this.#waivers.set(key, entry);
    return entry;
  }
}

function taken(scan: ScanFacts, reference: Reference, takeOut: TakingOut['takeOut']): ScanFacts {
  if (scan.kind !== 'scanned') return scan;
  return takeOut(scan, { reference, namedDigest: scan.namedDigest ?? scan.digest });
}
