import { createHttpClient } from '../../../../src/adapters/http/http-client.ts';
import {
  createGithubPipeline,
  type StateKind,
} from '../../../../src/adapters/pipeline/github/create-github-pipeline.ts';
import type { Pipeline } from '../../../../src/ports/pipeline.ts';
import { type FakeGithub, goodToken, startFakeGithub } from '../../../fakes/github-pipeline/fake-github.ts';

export type Stage = {
  readonly github: FakeGithub;
  /** With a token that may do everything. */
  readonly pipeline: Pipeline;
  connect(token: string | undefined): Pipeline;
  /** What was waited for, in milliseconds; no time passes. */
  readonly waits: number[];
};

export const now = Date.UTC(2026, 10, 25, 8);

/** A GitHub that is gone when `use` ends. */
export async function withGithub(state: StateKind, use: (stage: Stage) => Promise<void>): Promise<void> {
  const github = await startFakeGithub();
  const http = createHttpClient();
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const connect = (token: string | undefined) =>
    createGithubPipeline(
      { apiUrl: github.origin, name: 'acme/shop', isPrivateAllowed: true, ...(token === undefined ? {} : { token }) },
      state,
      { http, clock: () => now, wait },
    );
  try {
    await use({ github, pipeline: connect(goodToken), connect, waits });
  } finally {
    await http.close();
    await github.close();
  }
}
