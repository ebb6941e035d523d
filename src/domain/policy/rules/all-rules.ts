import type { Rule } from '../rule.ts';
import { behindLatest } from './behind-latest.ts';
import { endOfLife } from './end-of-life.ts';
import { floatingTag } from './floating-tag.ts';
import { longTermSupportOnly } from './long-term-support-only.ts';
import { multiStageRules } from './multi-stage/multi-stage-rules.ts';
import { noDigest } from './no-digest.ts';
import { digestLeftBehind } from './online/digest-left-behind.ts';
import { missingImage } from './online/missing-image.ts';
import { missingPlatform } from './online/missing-platform.ts';
import { newerVersion } from './online/newer-version.ts';
import { registryUnanswered } from './online/registry-unanswered.ts';
import { prerelease } from './prerelease.ts';
import { prohibited } from './prohibited.ts';
import { restricted } from './restricted.ts';
import { retiredImage } from './retired-image.ts';
import { highFindings } from './scan/high-findings.ts';
import { interimUpgrade } from './scan/interim-upgrade.ts';
import { scanUnanswered } from './scan/scan-unanswered.ts';
import { unfixedCritical } from './scan/unfixed-critical.ts';
import { unpatchedCritical } from './scan/unpatched-critical.ts';
import { smallerVariant } from './smaller-variant.ts';
import { unmaintainedTag } from './unmaintained-tag.ts';
import { unresolved } from './unresolved.ts';

/** Every rule, in the order in which findings are printed: the gravest question first. */
export const allRules: readonly Rule[] = [
  prohibited,
  unresolved,
  missingImage,
  missingPlatform,
  registryUnanswered,
  scanUnanswered,
  unpatchedCritical,
  endOfLife,
  retiredImage,
  unmaintainedTag,
  longTermSupportOnly,
  behindLatest,
  prerelease,
  floatingTag,
  smallerVariant,
  ...multiStageRules,
  unfixedCritical,
  highFindings,
  interimUpgrade,
  newerVersion,
  digestLeftBehind,
  restricted,
  noDigest,
];
