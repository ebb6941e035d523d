import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HttpReceiver, startHttpReceiver } from '../fakes/notice-receiver/http-receiver.ts';
import { basekeeper, type Run } from './command.ts';
import { inScannedTree, type Scanned } from './scanned.ts';

const detectedAt = '2026-11-25T08:00:00Z';
/** The time of the critical one has run for a day and an hour, of two. */
export const pressedAt = '2026-11-29T09:00:00Z';
export const secrets = { HOOK_SECRET: 'a-secret-of-more-than-24-bytes' };

export type NotifiedFleet = Scanned & {
  readonly team: HttpReceiver;
  readonly others: HttpReceiver;
  notify(at: string, ...args: readonly string[]): Promise<Run>;
  /** A cycle with scans. */
  follow(at: string): Promise<void>;
  /** Writes the fleet file. */
  fleet(channels: string, entry?: string): Promise<void>;
};

/** A fleet of one tree with four findings, followed since `detectedAt`. */
export async function inFleet(
  use: (world: NotifiedFleet) => Promise<void>,
  owners = '',
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const files = { Dockerfile: 'FROM debian:12-slim\n', ...(owners === '' ? {} : { CODEOWNERS: owners }) };
  const [team, others] = await Promise.all([startHttpReceiver(), startHttpReceiver()]);
  try {
    await inScannedTree(files, async (scanned) => {
      const { path, push, trivy } = scanned;
      const env = { ...scanned.env, ...secrets, SLACK_URL: team.url, ...more };
      await appendFile(`${path}/policy.yaml`, 'deadlines: { releases: branch }\n');
      push('library/debian', '12-slim', 'old');
      trivy({ updatedAt: '2026-11-25T00:00:00Z' });
      const fixed = ['--fleet', 'fleet.yaml', '--policy', 'policy.yaml'];
      const fleet = (channels: string, entry = 'team: checkout') =>
        writeFile(
          join(path, 'fleet.yaml'),
          `version: 1\nprivateHosts: [127.0.0.1]\nrepositories: [{ path: tree, ${entry} }]\nnotify:\n${channels}`,
        );
      const notify = (at: string, ...args: readonly string[]) =>
        basekeeper(['notify', ...fixed, '--now', at, ...args], { cwd: path, env });
      await fleet(both(team, others));
      const follow = async (at: string) => {
        const followed = await basekeeper(['monitor', ...fixed, '--scan', '--now', at], { cwd: path, env });
        assert.equal(followed.code, 0, followed.stderr + followed.stdout);
      };
      await follow(detectedAt);
      await use({ ...scanned, env, team, others, notify, fleet, follow });
    });
  } finally {
    await team.close();
    await others.close();
  }
}

function both(team: HttpReceiver, others: HttpReceiver): string {
  return `  teams: { checkout: [{ webhook: "${team.url}", secretFrom: HOOK_SECRET }] }\n  others: [{ webhook: "${others.url}", secretFrom: HOOK_SECRET }]\n`;
}
