import type { ImageFacts, SideFacts } from './gate-facts.ts';
import { fail, type GateReason, hold, note } from './gate-reason.ts';
import type { VerifySettings } from './verify-settings.ts';

/** Whether the image still builds, on as many platforms, no larger than allowed and no worse made. */
export function judgeBuild(image: ImageFacts, settings: VerifySettings): readonly GateReason[] {
  return [...judgeOutcomes(image), ...judgeSize(image, settings), ...judgePlatforms(image), ...judgeStages(image)];
}

function judgeOutcomes({ name, before, after }: ImageFacts): readonly GateReason[] {
  const [old, now] = [before.build, after.build];
  if (now.kind === 'unknown') return [hold('build', `could not be built: ${now.message}`, name)];
  if (now.kind === 'failed') {
    return old.kind === 'built'
      ? [fail('build', `built before the update, and does not build after it: ${now.message}`, name)]
      : [hold('build', `does not build, and did not before the update either: ${now.message}`, name)];
  }
  return old.kind === 'built'
    ? []
    : [
        hold(
          'build',
          `could not be built as it was before the update, so nothing can be compared: ${old.message}`,
          name,
        ),
      ];
}

function judgeSize({ name, before, after }: ImageFacts, { maxGrowthPercent }: VerifySettings): readonly GateReason[] {
  const [old, now] = [before.build, after.build];
  if (maxGrowthPercent === undefined || old.kind !== 'built' || now.kind !== 'built') return [];
  const allowedBytes = old.sizeBytes * (1 + maxGrowthPercent / 100);
  if (now.sizeBytes <= allowedBytes) return [];
  const grown = old.sizeBytes === 0 ? 'from nothing' : `by ${percent(now.sizeBytes / old.sizeBytes - 1)}`;
  return [fail('size', `grows ${grown}; the policy allows ${maxGrowthPercent}%`, name)];
}

/** Rounded up to a tenth: what is over the limit is never shown as the limit. */
function percent(share: number): string {
  return `${Math.ceil(share * 1000) / 10}%`;
}

function judgePlatforms({ name, before, after, platforms }: ImageFacts): readonly GateReason[] {
  const now = after.basePlatforms;
  if (now === undefined) {
    return platforms.length > 1
      ? [hold('platforms', 'nobody could say which platforms the new base is there for', name)]
      : [note('platforms', 'platforms of the bases were not compared', name)];
  }
  const missing = platforms.filter((platform) => !now.includes(platform));
  if (missing.length > 0) return [fail('platforms', `the new base is not there for ${missing.join(', ')}`, name)];
  if (platforms.length > 0) return [];
  const lost = (before.basePlatforms ?? []).filter((platform) => !now.includes(platform));
  return lost.length === 0
    ? []
    : [
        hold(
          'platforms',
          `the new base is no longer there for ${lost.join(', ')}; no file says which are needed`,
          name,
        ),
      ];
}

function judgeStages({ name, before, after }: ImageFacts): readonly GateReason[] {
  return [...Map.groupBy(after.multiStage, ({ rule }) => rule)].flatMap(([rule, found]) => {
    const added = found.slice(countOf(before, rule));
    return added.map(({ reason }) => fail('multi-stage', `${rule}: ${reason}`, name));
  });
}

function countOf({ multiStage }: SideFacts, rule: string): number {
  return multiStage.filter((breach) => breach.rule === rule).length;
}
