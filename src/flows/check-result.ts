import type { ImageFacts } from '../domain/catalog/image-facts.ts';
import type { Replacement } from '../domain/dockerfile/replaced-lines.ts';
import type { Role } from '../domain/image/image-use.ts';
import type { WaiverApproval } from '../domain/policy/approval/waiver-approval.ts';
import type { Category } from '../domain/policy/category.ts';
import type { RegistryFacts } from '../domain/policy/registry-facts.ts';
import type { ScanResult } from './scan/scan-result.ts';

/** What `check` found. This is also, field for field, the `--json` output; `version` changes when its shape does. */
export type CheckResult = {
  readonly version: 1;
  /** ISO instant of the run (`--now`). */
  readonly now: string;
  readonly files: readonly FileResult[];
  readonly summary: Summary;
  /** Findings about the policy itself: waivers, ignores and baseline entries that expired or match nothing. */
  readonly policyFindings: readonly PolicyFinding[];
  /** Whether the approvers that waivers in force name approved of them, by the forge (`--online`). */
  readonly approvals?: readonly WaiverApproval[];
  /** What was found in the images (`--scan`). */
  readonly scans?: ScanResult;
};

export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown' | 'waived';

export type FileResult = {
  /** Relative to the argument, `/` separated. */
  readonly path: string;
  readonly kind: string;
  readonly problems: readonly ReportedProblem[];
  readonly uses: readonly JudgedUse[];
  /** A multi-stage version to start from (`--explain`), for a single stage that compiles. */
  readonly suggestion?: { readonly text: string; readonly notes: readonly string[] };
};

export type ReportedProblem = {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly line: number;
};

export type JudgedUse = {
  /** Canonical (`docker.io/library/alpine:3.19`, `scratch`); null when unresolved or invalid. */
  readonly reference: string | null;
  readonly written: string;
  readonly role: Role;
  /** The stage's name, or its index in digits; null outside stages. */
  readonly stage: string | null;
  readonly line: number;
  /** 1-based columns of the word on `line`, for annotations; `endColumn` is one past the last. */
  readonly column: number;
  readonly endColumn: number;
  readonly platform?: string;
  readonly missing?: readonly string[];
  /** null when it cannot be told. */
  readonly category: Category | null;
  /** null when the policy does not ask for this role to be judged (ci, deployed). */
  readonly verdict: Verdict | null;
  readonly rules: readonly RuleResult[];
  /** Lines to write instead, whole, in file order (an ARG's line where the text comes from there). Absent when none is known. */
  readonly instead?: readonly Replacement[];
  readonly evidence?: Evidence;
};

export type RuleResult = {
  readonly rule: string;
  readonly verdict: 'info' | 'warn' | 'fail' | 'unknown' | 'waived';
  readonly reason: string;
  readonly fix?: string;
  /** Where it is not the line of the use. */
  readonly line?: number;
  readonly waiver?: {
    readonly id: string;
    readonly reason: string;
    readonly until: string;
    readonly kind: 'policy' | 'inline' | 'baseline';
    /** Of one of the policy file that names an approver. */
    readonly approvedBy?: string;
  };
};

/** Why a use was judged so. `matched` is the pattern that put it into its category. */
export type Evidence = {
  readonly matched: { readonly category: Category; readonly pattern: string; readonly why: string } | null;
  /** `registry/repository` after aliases: what a mirror mirrors. */
  readonly image?: string;
  /** For internal images: the chain of images down to the base whose category it takes. */
  readonly chain?: readonly string[];
  readonly facts?: ImageFacts;
  /** What registries said in this run (`--online`). */
  readonly registry?: RegistryFacts;
};

export type Summary = {
  readonly files: number;
  readonly uses: number;
  readonly byCategory: Readonly<Record<Category | 'unknown', number>>;
  readonly byVerdict: Readonly<Record<Verdict | 'not-judged', number>>;
  readonly problems: { readonly error: number; readonly warning: number };
  /** One clause each: what this run did not look at. */
  readonly notChecked: readonly string[];
  readonly catalog: {
    readonly asOf: string;
    readonly ageDays: number;
    readonly isStale: boolean;
    /** What is older than `asOf` says, or could not be used, in sentences. */
    readonly notes: readonly string[];
  };
};

export type PolicyFinding = {
  readonly rule: string;
  readonly verdict: 'warn' | 'fail' | 'info';
  readonly reason: string;
  readonly path: string;
  readonly line?: number;
};
