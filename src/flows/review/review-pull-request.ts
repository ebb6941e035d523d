import { recogniseBot } from '../../domain/bots/recognise-bot.ts';
import { type ReferenceChange, referenceChanges } from '../../domain/bots/reference-changes.ts';
import { fileKind } from '../../domain/discovery/file-kind.ts';
import { isJudgedRole } from '../../domain/policy/judged-role.ts';
import { type Forge, ForgeError, type PullRequest, type PullRequestChanges } from '../../ports/forge.ts';
import { type ExplainRequest, explain } from '../explain.ts';
import { mapLimited } from '../limited.ts';
import { type ReadFile, readDockerfile } from '../read-dockerfile.ts';
import { readDocument } from '../read-document.ts';
import type { ReviewedImage, ReviewResult } from './review-result.ts';

export type ReviewForge = Pick<Forge, 'listPullRequests' | 'readChanges' | 'readFile' | 'writeComment' | 'setStatus'>;

export type ReviewRequest = ExplainRequest & {
  readonly repository: string;
  readonly id: string;
  /** ISO instant of the run. */
  readonly now: string;
};

/** Bots change a handful of files; each is read twice. */
const maxFiles = 100;
const maxLength = 4 * 1024 * 1024;

/**
 * Judges a pull request of Dependabot or Renovate: nothing but tags and digests of images may change, and what they come to
 * name is held against the policy. Other people's pull requests are left alone.
 *
 * @throws ForgeError `not-found` when it is not open, or comes from another repository; `conflict` when it changes meanwhile.
 */
export async function reviewPullRequest(forge: ReviewForge, request: ReviewRequest): Promise<ReviewResult> {
  const { repository, id, now } = request;
  const pullRequest = await findOpen(forge, repository, id);
  const changes = await forge.readChanges(repository, id);
  const about = {
    schemaVersion: 1,
    now,
    repository,
    id,
    revision: pullRequest.headRevision,
    isWritten: false,
  } as const;
  // A status on another commit than the one that was looked at would speak for it.
  const isRead = changes.commits.some(({ revision }) => revision === pullRequest.headRevision);
  if (!isRead && changes.commits.length > 0 && !changes.isTruncated)
    throw new ForgeError(
      'conflict',
      `cannot review ${id} of ${repository}: it was changed meanwhile, run the command again`,
    );
  const recognised = recogniseBot(pullRequest.author, changes.commits);
  if (recognised.kind === 'unknown')
    return { ...about, bot: null, reason: recognised.reason, images: [], objections: [] };
  const files = await mapLimited(changes.files.slice(0, maxFiles), (file) =>
    reviewFile(forge, request, pullRequest, file),
  );
  const images = files.flatMap((file) => file.images);
  const objections = [
    ...(changes.isTruncated || changes.files.length > maxFiles ? ['it is too large to be read whole'] : []),
    ...files.flatMap((file) => file.objections),
    ...images.filter(({ verdict }) => verdict === 'fail').map(failure),
    ...(images.length === 0 ? ['it changes no image'] : []),
  ];
  return { ...about, bot: recognised.name, images, objections: [...new Set(objections)] };
}

/** Says so where the pull request is: a comment that is changed in place, and a status of its commit. */
export async function publishReview(forge: ReviewForge, result: ReviewResult, comment: string): Promise<ReviewResult> {
  const { repository, id, revision, bot, objections, images } = result;
  if (bot === null) return result;
  await forge.writeComment(repository, id, 'review', comment);
  const [first] = objections;
  const isFine = first === undefined;
  const fine = `${bot} changes ${images.length === 1 ? 'one image' : `${images.length} images`}, all on policy`;
  const description = [...(first ?? fine)].slice(0, 140).join('');
  await forge.setStatus(repository, revision, {
    context: 'basekeeper/review',
    state: isFine ? 'success' : 'failure',
    description,
  });
  return { ...result, isWritten: true };
}

async function findOpen(forge: ReviewForge, repository: string, id: string): Promise<PullRequest> {
  const found = (await forge.listPullRequests(repository, {})).find((one) => one.id === id);
  if (found !== undefined && found.state === 'open') return found;
  const message = `cannot review ${id} of ${repository}: there is no open pull request of that number from the repository itself`;
  throw new ForgeError('not-found', message);
}

type ReviewedFile = { readonly images: readonly ReviewedImage[]; readonly objections: readonly string[] };

async function reviewFile(
  forge: ReviewForge,
  request: ReviewRequest,
  { baseBranch, headRevision }: PullRequest,
  { path, kind }: PullRequestChanges['files'][number],
): Promise<ReviewedFile> {
  const object = (reason: string): ReviewedFile => ({ images: [], objections: [`${path}: ${reason}`] });
  if (kind !== 'changed') return object(`the file is ${kind}`);
  if (fileKind(path) === undefined) return object('it is no file that names images');
  const [before, after] = await Promise.all(
    [baseBranch, headRevision].map((revision) => forge.readFile(request.repository, path, revision)),
  );
  if (before === undefined || after === undefined) return object('it is not there on both sides');
  if (Math.max(before.length, after.length) > maxLength) return object('it is too large to be read');
  const [was, is] = [readVersion(path, before), readVersion(path, after)];
  const compared = referenceChanges(was, is);
  if (compared.kind === 'more') return object(compared.reason);
  return { images: compared.changes.map((change) => judged(path, change, request)), objections: [] };
}

function readVersion(path: string, text: string) {
  const settings = { buildArgs: {}, buildArgsOf: () => ({}) };
  const kind = fileKind(path)?.kind ?? 'dockerfile';
  const file: ReadFile | undefined = kind.startsWith('dockerfile')
    ? readDockerfile(path, text, [], settings)
    : readDocument(path, kind, text, settings)?.file;
  return { text, uses: (file?.uses ?? []).map(({ use }) => use) };
}

/** As the base of what ships: what is good enough there is good enough anywhere. */
function judged(
  path: string,
  { line, role, before, after, to }: ReferenceChange,
  request: ReviewRequest,
): ReviewedImage {
  const { category, verdict, rules, lifecycle } = explain(to, request);
  const isJudged = isJudgedRole(role, request.policy);
  return {
    path,
    line,
    before,
    after,
    category,
    verdict: isJudged ? verdict : null,
    rules: isJudged ? rules : [],
    lifecycle: lifecycle ?? [],
  };
}

function failure({ after, rules }: ReviewedImage): string {
  const reasons = rules.filter(({ verdict }) => verdict === 'fail').map(({ reason }) => reason);
  return `${after}: ${reasons.join('; ')}`;
}
