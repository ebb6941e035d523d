import { parsePullRequestAddress } from '../domain/bots/pull-request-address.ts';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { publishReview, reviewPullRequest } from '../flows/review/review-pull-request.ts';
import type { ReviewResult } from '../flows/review/review-result.ts';
import { ForgeError } from '../ports/forge.ts';
import { renderReviewComment } from '../render/review.ts';
import { catalog } from '../wiring/catalog.ts';
import { openForge } from '../wiring/forges.ts';
import { UsageError, WorldError } from './failure.ts';
import { clockFrom, instantOf, policyFor, type RunOptions } from './run-options.ts';

export type ReviewOptions = Pick<RunOptions, 'policy' | 'now'> & {
  /** Leave the comment and the status. */
  readonly write?: boolean;
};

/** Judges a pull request by the policy that stands here: what its own branch says of the policy does not count. */
export async function runReview(text: string, options: ReviewOptions): Promise<ReviewResult> {
  const address = parsePullRequestAddress(text);
  if (address === undefined)
    throw new UsageError(
      `${JSON.stringify(text)} is no pull request: write https://HOST/OWNER/NAME/pull/1 or https://HOST/GROUP/NAME/-/merge_requests/1`,
    );
  const now = instantOf(options.now);
  const { policy } = await policyFor(process.cwd(), options.policy, now);
  const { forge, close } = await openForge(address.repositoryUrl, clockFrom(options.now));
  if (forge.kind === 'git')
    throw new UsageError(`${address.repositoryUrl.host} is no forge that pull requests can be read from`);
  const { repository, id } = address;
  try {
    const request = { repository, id, now, today: now.slice(0, 10), policy, rules: allRules, catalog: catalog() };
    const result = await reviewPullRequest(forge, request);
    return options.write === true ? await publishReview(forge, result, renderReviewComment(result)) : result;
  } catch (error) {
    if (error instanceof ForgeError) throw new WorldError(error.message, { cause: error });
    throw error;
  } finally {
    await close();
  }
}
