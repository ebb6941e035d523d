import { gzipSync } from 'node:zlib';
import type { GithubClient } from './github-client.ts';
import { nameOf } from './route-names.ts';

/** What was found in a commit. */
export type Analysis = {
  /** `acme/shop` */
  readonly repository: string;
  readonly revision: string;
  /** Whose alerts these are: `refs/heads/main`, `refs/pull/1/merge` */
  readonly ref: string;
  /** As text. */
  readonly sarif: string;
};

/**
 * Hands it to GitHub's code scanning, which reads it later.
 *
 * @throws ForgeError
 * @see https://docs.github.com/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
 */
export async function uploadAnalysis(client: GithubClient, analysis: Analysis): Promise<void> {
  const { repository, revision, ref, sarif } = analysis;
  const packed = gzipSync(sarif).toString('base64');
  await client.ask(
    `send findings of ${repository} to code scanning`,
    'POST /repos/{owner}/{repo}/code-scanning/sarifs',
    { ...nameOf(repository), commit_sha: revision, ref, sarif: packed },
  );
}
