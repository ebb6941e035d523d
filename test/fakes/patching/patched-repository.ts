import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { Digest } from '../../../src/domain/image/manifest.ts';
import type { PublishedRelease, Releases } from '../../../src/ports/releases.ts';
import type { FetchedWorkspace } from '../../../src/ports/repositories.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How a team deals with what is proposed to it. */
export type Pace = {
  readonly name: string;
  /** How long a pull request waits until it is merged; `monday`: until 09:00 of the next one. */
  readonly merges: number | 'monday';
  readonly releaseAfterMs: number;
};

export const paces: readonly Pace[] = [
  { name: 'at once', merges: minuteMs, releaseAfterMs: minuteMs },
  { name: '24 h to merge, 24 h to release', merges: dayMs, releaseAfterMs: dayMs },
  { name: 'merged on Mondays, 24 h to release', merges: 'monday', releaseAfterMs: dayMs },
];

export type ShippedRelease = PublishedRelease & { readonly text: string; readonly digest: Digest };

/** A repository of one Dockerfile that pins a digest, and the team that works on it. */
export class PatchedRepository {
  readonly name: string;
  /** `debian:bookworm-slim` */
  readonly image: string;
  readonly pace: Pace;
  /** Oldest first. */
  readonly shipped: ShippedRelease[] = [];
  /** What the branch named since when, oldest first. */
  readonly merged: { readonly at: number; readonly digest: Digest }[] = [];
  #text: string;
  #proposed: { text: string; readonly mergeAt: number } | undefined;
  readonly #due: { readonly at: number; readonly text: string }[] = [];

  constructor(name: string, image: string, pace: Pace, digest: Digest, at: number) {
    this.name = name;
    this.image = image;
    this.pace = pace;
    this.#text = `FROM ${image}@${digest}\n`;
    this.merged.push({ at, digest });
    this.#ship(this.#text, at);
  }

  get branch(): FetchedWorkspace {
    return workspaceOf(this.#text);
  }

  /** What is proposed now, which takes the place of what was proposed before. @param text absent: nothing is. */
  propose(at: number, text: string | undefined): void {
    if (text === undefined) {
      this.#proposed = undefined;
      return;
    }
    if (this.#proposed === undefined) this.#proposed = { text, mergeAt: mergeAt(this.pace, at) };
    else this.#proposed.text = text;
  }

  /** Merges and releases what is due until an instant. */
  workUntil(at: number): void {
    if (this.#proposed !== undefined && this.#proposed.mergeAt <= at) {
      const { text, mergeAt: mergedAt } = this.#proposed;
      this.#text = text;
      this.merged.push({ at: mergedAt, digest: pinnedBy(text) });
      this.#proposed = undefined;
      this.#due.push({ at: mergedAt + this.pace.releaseAfterMs, text });
    }
    for (const { at: due, text } of this.#due.filter((one) => one.at <= at)) this.#ship(text, due);
    this.#due.splice(0, this.#due.length, ...this.#due.filter((one) => one.at > at));
  }

  get releases(): Releases {
    return {
      list: async (choose) => {
        const chosen = new Set(choose(this.shipped.map(({ name }) => name)));
        return this.shipped.filter(({ name }) => chosen.has(name));
      },
      open: async (name) => workspaceOf(this.shipped.find((one) => one.name === name)?.text ?? ''),
      trace: async () => assert.fail('no image is released here, whose commit would be asked for'),
    };
  }

  #ship(text: string, publishedAt: number): void {
    this.shipped.push({ name: `v1.0.${this.shipped.length}`, publishedAt, text, digest: pinnedBy(text) });
  }
}

function pinnedBy(text: string): Digest {
  const digest = /@(?<digest>sha256:[0-9a-f]{64})$/m.exec(text)?.groups?.['digest'];
  if (digest === undefined) throw new Error(`no digest is pinned: ${text}`);
  return digest as Digest;
}

function mergeAt({ merges }: Pace, at: number): number {
  if (merges !== 'monday') return at + merges;
  const monday = new Date(at);
  monday.setUTCHours(9, 0, 0, 0);
  while (monday.getUTCDay() !== 1 || monday.getTime() <= at) monday.setTime(monday.getTime() + dayMs);
  return monday.getTime();
}

function workspaceOf(text: string): FetchedWorkspace {
  const tree = {
    list: async () => ({ paths: ['Dockerfile'], refused: [] }),
    read: async () => text,
  };
  return { revision: hash('sha1', text), ...tree, changedSince: async () => [], at: async () => tree };
}
