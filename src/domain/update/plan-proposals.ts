import { compareText } from '../candidates/compare-digits.ts';
import { applyEdits } from '../dockerfile/edit.ts';
import { formatReference } from '../image/reference.ts';
import { hash } from '../source/hash.ts';
import { joinFiles } from './join-files.ts';
import { branchPrefix, type Proposal, type ProposedFile } from './proposal.ts';
import { type CommitAuthor, commitMessage, proposalTitle } from './proposal-message.ts';
import { type FileUpdate, isInterim, type UpdateLane, type UpdatePlan, type UpdateStep } from './update-plan.ts';
import type { UpdateSettings } from './update-settings.ts';

export type ProposalRequest = {
  /** `acme/shop`. */
  readonly repository: string;
  readonly plans: readonly UpdatePlan[];
  readonly settings: Pick<UpdateSettings, 'group' | 'commitPrefix' | 'signOff'>;
  readonly author: CommitAuthor;
};

/** What wants a look of its own is never put together with others. */
const groupedLanes: ReadonlySet<UpdateLane> = new Set(['digest', 'patch', 'minor', 'os']);

const maxTextLength = 1000;

/** The pull requests that plans make: one per plan, or the harmless ones together. Plans without a change make none. */
export function planProposals(request: ProposalRequest): readonly Proposal[] {
  const plans = request.plans.filter(({ files }) => files.some(({ edits }) => edits.length > 0));
  if (request.settings.group === 'image') return plans.map((plan) => propose([plan], request));
  const together = groupOf(plans);
  const alone = plans.filter((plan) => !together.includes(plan)).map((plan) => propose([plan], request));
  return together.length === 0 ? alone : [proposeGroup(together, request), ...alone];
}

/** Two lanes of one image change the same words: the farther one is taken, and the other stays alone. */
function groupOf(plans: readonly UpdatePlan[]): readonly UpdatePlan[] {
  const fartherFirst: readonly UpdateLane[] = ['minor', 'os', 'patch', 'digest'];
  const taken: UpdatePlan[] = [];
  for (const lane of fartherFirst)
    for (const plan of plans)
      if (plan.lane === lane && !plan.files.some((file) => clashes(file, taken))) taken.push(plan);
  return plans.filter((plan) => groupedLanes.has(plan.lane) && taken.includes(plan));
}

function clashes(file: FileUpdate, taken: readonly UpdatePlan[]): boolean {
  const edits = taken.flatMap(({ files }) =>
    files.filter(({ path }) => path === file.path).flatMap((one) => one.edits),
  );
  return file.edits.some(({ span, text }) =>
    edits.some(
      (other) =>
        span.start <= other.span.end &&
        other.span.start <= span.end &&
        !(span.start === other.span.start && span.end === other.span.end && text === other.text),
    ),
  );
}

function propose(plans: readonly [UpdatePlan], request: ProposalRequest): Proposal {
  const [{ image, lane, files }] = plans;
  const paths = files.map(({ path }) => path).toSorted(compareText);
  const leaf = image.slice(image.lastIndexOf('/') + 1);
  return complete(plans, { lane, leaf, identity: [image, lane, paths] }, request);
}

/** One per repository, whatever is in it today. */
function proposeGroup(plans: readonly UpdatePlan[], request: ProposalRequest): Proposal {
  return complete(plans, { lane: 'group', leaf: 'images', identity: ['', 'group', []] }, request);
}

type Name = { readonly lane: Proposal['lane']; readonly leaf: string; readonly identity: readonly unknown[] };

function complete(plans: readonly UpdatePlan[], { lane, leaf, identity }: Name, request: ProposalRequest): Proposal {
  const key = hash(JSON.stringify([request.repository, ...identity]));
  const files = joinFiles(plans)
    .map(({ path, before, edits }): ProposedFile => ({ path, before, after: applyEdits(before, edits) }))
    .toSorted((a, b) => compareText(a.path, b.path));
  const fingerprint = hash(JSON.stringify(files.map(({ path, before, after }) => [path, before, after])));
  const steps = plans.flatMap((plan) => plan.steps.map((step) => ({ ...step, lane: plan.lane })));
  return {
    key,
    branch: `${branchPrefix}${plainName(leaf)}-${lane}-${key}`,
    lane,
    images: sorted(plans.map(({ image }) => image)),
    plans,
    title: proposalTitle(plans, request.settings),
    commitMessage: commitMessage(plans, { key, fingerprint }, request),
    from: bounded(sorted(steps.map(({ from }) => formatReference(from))).join(' ')),
    target: bounded(sorted(steps.map(targetOf)).join(', ')),
    fingerprint,
    files,
  };
}

/** An upgrade is for what it mends: to close it says nothing of the next vulnerability. */
function targetOf({ lane, to, reasons }: UpdateStep): string {
  return `${isInterim(lane) ? `${lane}:${hash(JSON.stringify(reasons))}` : lane} ${formatReference(to)}`;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted(compareText);
}

/** It stands in a pull request, whose text has an end. */
function bounded(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}… ${hash(text)}`;
}

function plainName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return /^[a-z0-9]/.test(name) ? name : `image${name}`;
}
