import type { Rule } from '../../rule.ts';
import { buildTools } from './build-tools.ts';
import { builderImage } from './builder-image.ts';
import { copyAll } from './copy-all.ts';
import { debugImage } from './debug-image.ts';
import { devDependencies } from './dev-dependencies.ts';
import { packageCache } from './package-cache.ts';
import { rootUser } from './root-user.ts';
import { singleStage } from './single-stage.ts';
import { toolchainCopied } from './toolchain-copied.ts';

/** The rules about what a shipped stage contains (policy 5.2.4), warnings first. */
export const multiStageRules: readonly Rule[] = [
  singleStage,
  builderImage,
  buildTools,
  toolchainCopied,
  debugImage,
  rootUser,
  packageCache,
  devDependencies,
  copyAll,
];
