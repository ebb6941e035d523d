import type { DeadlineSettings } from '../deadline/deadline-settings.ts';
import type { UpdateSettings } from '../update/update-settings.ts';
import type { VerifySettings } from '../verify/verify-settings.ts';
import type { VexSource } from '../vulnerability/suppress/vex-source.ts';
import type { ApprovalDemand } from './approval/waiver-approval.ts';
import type { Category } from './category.ts';
import type { WaiverDays } from './finding-waiver.ts';
import type { ImagePattern } from './pattern.ts';
import type { RegistrySettings } from './registry-settings.ts';
import type { Level } from './rule.ts';
import type { ScanSettings } from './scan-settings.ts';
import type { Waiver } from './waiver.ts';

/** What an organisation asks of its base images: the policy file, checked and completed by the defaults. */
export type Policy = {
  readonly sources: Sources;
  /** Prefixes of `registry/repository` and what they mirror, longest first. */
  readonly aliases: readonly Alias[];
  /** By host in lower case, `docker.io` for Docker Hub; a host without an entry is asked as usual. */
  readonly registries: ReadonlyMap<string, RegistrySettings>;
  readonly categories: Readonly<Record<Category, CategoryRule>>;
  /** Every rule has an entry. */
  readonly rules: Readonly<Record<string, RuleLevels>>;
  /** For everything that `check` says of `dependabot.yml`; absent where each finding keeps its own. */
  readonly dependabot?: 'off' | 'info' | 'warn' | 'fail';
  /** Which uses that are not built are judged. */
  readonly judge: { readonly deployed: boolean; readonly ci: boolean };
  /** Answers to build arguments by path glob; later globs win. */
  readonly buildArgs: readonly { readonly glob: string; readonly values: Readonly<Record<string, string>> }[];
  /** Path globs that are not looked at. */
  readonly ignore: readonly string[];
  readonly waivers: readonly Waiver[];
  /** A waiver or inline ignore may not reach further ahead than this many days. */
  readonly maxWaiverDays: number;
  /** Nor one of findings further than their severity allows. */
  readonly waiverDays: WaiverDays;
  /** What is asked of the approvers of waivers, where a forge can be asked. */
  readonly approvalProof: ApprovalDemand;
  readonly update: UpdateSettings;
  readonly verify: VerifySettings;
  /** Whose VEX documents count. */
  readonly vex: readonly VexSource[];
  /** In whose name `vex export` speaks. */
  readonly vexAuthor?: string;
  readonly scanner: ScanSettings;
  readonly deadlines: DeadlineSettings;
};

export type Sources = {
  /** Where Docker Official Images live. */
  readonly official: readonly ImagePattern[];
  /** Whether badges of Docker Hub's publishers count, once they are looked up. */
  readonly publishers: 'dockerhub' | 'none';
  /** Registries and namespaces that a vendor owns and this organisation trusts. */
  readonly vendors: readonly ImagePattern[];
  /** The organisation's own images, which take the category of their base. */
  readonly internal: readonly ImagePattern[];
};

export type Alias = { readonly from: string; readonly to: string };

/** `matchers` in order; `why` is the rationale of the policy's table. */
export type CategoryRule = { readonly why: string; readonly matchers: readonly Matcher[] };

export type Matcher =
  | { readonly kind: 'pattern'; readonly pattern: ImagePattern }
  /** As `pattern`, but only a release with long-term support as of the day of the run. */
  | { readonly kind: 'lts'; readonly pattern: ImagePattern }
  /** The word `official`: any image whose source is known to be official (`sources`). */
  | { readonly kind: 'official' };

export type RuleLevels = { readonly ships: Level; readonly builds: Level };
