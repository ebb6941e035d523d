import { familiarReference, type Reference, repositoryName } from '../image/reference.ts';
import { formatTrailers, type ProposalTrailers } from './commit-trailers.ts';
import { isInterim, type UpdatePlan, type UpdateStep } from './update-plan.ts';
import type { UpdateSettings } from './update-settings.ts';

export type MessageSettings = Pick<UpdateSettings, 'commitPrefix' | 'signOff'>;
export type CommitAuthor = { readonly name: string; readonly email: string };

const maxTitleLength = 100;
const maxUses = 50;

/** `build(deps): update node 22.1 → 24.0`. */
export function proposalTitle(plans: readonly UpdatePlan[], { commitPrefix }: MessageSettings): string {
  const prefix = commitPrefix === '' ? '' : `${commitPrefix}: `;
  const isAlone = plans.length > 0 && plans.every(({ lane }) => isInterim(lane));
  return cut(`${prefix}${isAlone ? interimTitle(plans) : `update ${subjectOf(plans)}`}`, maxTitleLength);
}

/** The same change has the same message: neither time nor run is in it. */
export function commitMessage(
  plans: readonly UpdatePlan[],
  trailers: ProposalTrailers,
  { settings, author }: { readonly settings: MessageSettings; readonly author: CommitAuthor },
): string {
  const uses = plans.flatMap(({ steps }) => steps.flatMap((step) => step.uses.map((use) => ({ ...use, step }))));
  const lines = uses.slice(0, maxUses).map(({ path, line, before, after, step: { lane, reasons } }) => {
    const what = isInterim(lane) ? `${before}: ${reasons[0] ?? ''}` : `${before} → ${after}`;
    return plain(`${path}:${line}: ${what}`);
  });
  const more = uses.length > maxUses ? [`and ${uses.length - maxUses} more`] : [];
  const signed = settings.signOff ? [`Signed-off-by: ${author.name} <${author.email}>`] : [];
  const paragraphs = [[proposalTitle(plans, settings)], [...lines, ...more], [...formatTrailers(trailers), ...signed]];
  return `${paragraphs.map((paragraph) => paragraph.join('\n')).join('\n\n')}\n`;
}

function interimTitle(plans: readonly UpdatePlan[]): string {
  const images = [
    ...new Set(
      plans.flatMap(({ steps }) => steps.map(({ from }) => `${nameOf(from)} ${versionOf(from, false)}`.trim())),
    ),
  ];
  const [only = ''] = images;
  const named = images.length === 1 ? only : `${images.length} base images`;
  return plans.some(({ lane }) => lane === 'interim')
    ? `upgrade packages of ${named} until it is patched`
    : `remove upgrades that ${named} has caught up with`;
}

function subjectOf(plans: readonly UpdatePlan[]): string {
  const steps = plans.flatMap((plan) => plan.steps);
  const texts = [...new Set(steps.map(stepText))];
  const [only = ''] = texts;
  if (texts.length <= 1) return only;
  const images = [...new Set(plans.map(({ image }) => image))];
  const [first] = steps;
  if (images.length > 1 || first === undefined) return `${images.length} base images`;
  return `${nameOf(first.from)} (${texts.length} tags)`;
}

/** `node 22 → 24`; `node 24@012345678901 → 24@abcdef012345`; with both names when the image is another. */
function stepText({ from, to }: UpdateStep): string {
  const isSameTag = from.tag === to.tag;
  const isSameImage = repositoryName(from) === repositoryName(to);
  const before = `${nameOf(from)} ${versionOf(from, isSameTag)}`.trim();
  return `${before} → ${`${isSameImage ? '' : `${nameOf(to)} `}${versionOf(to, isSameTag)}`.trim()}`;
}

function nameOf({ registry, repository }: Reference): string {
  return familiarReference({ registry, repository });
}

function versionOf({ tag = '', digest }: Reference, withDigest: boolean): string {
  const hex = digest?.slice(digest.indexOf(':') + 1, digest.indexOf(':') + 13);
  return withDigest && hex !== undefined ? `${tag}@${hex}` : tag;
}

/** Control characters, and those that turn the direction of writing, would pass for lines of ours. */
function plain(text: string): string {
  return cut(text.replace(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '?'), 500);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
